using System.Collections.Immutable;

namespace Hypercompress.Training;

/// <summary>The text of a training run as token ids.</summary>
/// <param name="Training">The text to train on.</param>
/// <param name="HeldOut">The text whose perplexity is measured; empty to measure none.</param>
public sealed record TrainingTokens(ImmutableArray<int> Training, ImmutableArray<int> HeldOut);
