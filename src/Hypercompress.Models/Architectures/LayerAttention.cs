namespace Hypercompress.Models.Architectures;

/// <summary>How one layer attends.</summary>
/// <param name="Window">
/// How many of the latest tokens a token sees, itself included; null when it sees all before it.
/// </param>
/// <param name="Rope">How queries and keys are rotated; null when they are not.</param>
/// <param name="Scale">What products of queries and keys are multiplied by.</param>
public sealed record LayerAttention(int? Window, RopeSettings? Rope, double Scale);
