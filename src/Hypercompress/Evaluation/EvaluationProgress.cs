namespace Hypercompress.Evaluation;

/// <summary>The progress of an evaluation.</summary>
/// <param name="Subject">The text or task that is scored.</param>
/// <param name="Unit">What is counted: <c>windows</c> or <c>documents</c>.</param>
/// <param name="Done">How many are done.</param>
/// <param name="Total">How many there are; 0 when that is not known.</param>
public sealed record EvaluationProgress(string Subject, string Unit, int Done, int Total)
{
    /// <summary>
    /// KL(teacher ‖ student) at each token of the window that was just done, nats; empty where none was measured.
    /// </summary>
    internal IReadOnlyList<double> Divergences { get; init; } = [];
}
