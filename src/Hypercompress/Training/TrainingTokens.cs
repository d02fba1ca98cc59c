using System.Collections.Immutable;

namespace Hypercompress.Training;

/// <summary>The text of a training run as token ids.</summary>
/// <param name="Training">What is learned from.</param>
/// <param name="HeldOut">What perplexity is measured on; empty when nothing is to be measured.</param>
public sealed record TrainingTokens(ImmutableArray<int> Training, ImmutableArray<int> HeldOut);
