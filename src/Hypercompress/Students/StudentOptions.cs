using Hypercompress.Training;

namespace Hypercompress.Students;

/// <summary>
/// The section <c>student</c>: another model than the teacher itself is compressed. It learns from the teacher first,
/// with the losses of <c>distillation</c>; then it is compressed as any model is, to the bytes that the target makes of
/// the teacher's.
/// </summary>
public sealed record StudentOptions() : TrainingPhaseOptions(learningRate: 1e-3, tokenBudget: 300_000)
{
    /// <summary>
    /// The model that is compressed in place of the teacher: a folder, a <c>.gguf</c> file or a Hub id of a model with
    /// the same vocabulary; or <c>depth=0.5,width=0.75</c> (either or both, above 0, at most 1) for the teacher with
    /// that share of its layers, and of its channels, heads and neurons.
    /// </summary>
    /// <value>The default is null: the teacher itself.</value>
    public string? Model { get; init; }
}
