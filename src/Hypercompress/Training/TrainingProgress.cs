namespace Hypercompress.Training;

/// <summary>The progress of a training run.</summary>
/// <param name="Step">The step that just ended.</param>
/// <param name="TokenBudget">Tokens that the run will have seen at its end.</param>
/// <param name="TokensPerSecond">Mean speed since the start.</param>
/// <param name="Remaining">Time to the end at that speed.</param>
/// <param name="HeldOut">The score on held-out text, when it was measured after this step.</param>
public sealed record TrainingProgress(
    TrainingStep Step, long TokenBudget, double TokensPerSecond, TimeSpan Remaining, HeldOutScore? HeldOut);
