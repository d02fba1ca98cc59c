namespace Hypercompress.Reporting;

/// <summary>What a file of scores says of the model and the run.</summary>
/// <param name="Name">The model's name or path.</param>
/// <param name="MaxLength">Tokens that it read at once.</param>
/// <param name="Device">Where it ran.</param>
/// <param name="Started">When the run began.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record ScoredModel(string Name, int MaxLength, string Device, DateTimeOffset Started, double Seconds);
