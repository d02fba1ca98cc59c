using System.Collections.Immutable;

namespace Hypercompress.Training;

/// <summary>The measurements of a training run.</summary>
/// <param name="Steps">Every optimizer step.</param>
/// <param name="Validations">Scores on held-out text by step.</param>
/// <param name="StoppedBecause">Why it ended: <c>off</c>, <c>token budget</c>, <c>patience</c>, ….</param>
public sealed record TrainingHistory(
    ImmutableArray<TrainingStep> Steps, ImmutableSortedDictionary<int, HeldOutScore> Validations, string StoppedBecause)
{
    /// <summary>Why a run ends whose model is as near to its teacher as training can tell.</summary>
    internal const string NothingToGain = "nothing to gain";

    /// <summary>The history of a phase that is switched off.</summary>
    public static TrainingHistory Off { get; } =
        new([], ImmutableSortedDictionary<int, HeldOutScore>.Empty, "off");
}
