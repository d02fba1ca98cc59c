using System.Collections.Immutable;

namespace Hypercompress.Training;

/// <summary>The measurements of a training run.</summary>
/// <param name="Steps">Every optimizer step.</param>
/// <param name="Validations">Held-out perplexity by step.</param>
/// <param name="StoppedBecause">Why it ended: <c>off</c>, <c>token budget</c>, <c>patience</c>, ….</param>
public sealed record TrainingHistory(
    ImmutableArray<TrainingStep> Steps, ImmutableSortedDictionary<int, double> Validations, string StoppedBecause)
{
    /// <summary>The history of a phase that is switched off.</summary>
    public static TrainingHistory Off { get; } =
        new([], ImmutableSortedDictionary<int, double>.Empty, "off");
}
