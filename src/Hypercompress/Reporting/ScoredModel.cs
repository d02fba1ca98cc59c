namespace Hypercompress.Reporting;

/// <summary>The model and the run in a file of scores.</summary>
/// <param name="Name">The model's name or path.</param>
/// <param name="MaxLength">Tokens that it read at once.</param>
/// <param name="Device">Where it ran.</param>
/// <param name="Started">When the run began.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record ScoredModel(string Name, int MaxLength, string Device, DateTimeOffset Started, double Seconds);
