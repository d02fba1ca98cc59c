using System.ComponentModel.DataAnnotations;
using Hypercompress.Training;

namespace Hypercompress.FineTuning;

/// <summary>The section <c>finetune</c>: how the student learns from text alone.</summary>
public sealed record FineTuningOptions() : TrainingPhaseOptions(learningRate: 5e-5, tokenBudget: 50_000)
{
    /// <summary>Passes over the training text.</summary>
    /// <value>1 to 10⁶. The default is 1.</value>
    [Range(1, 1_000_000)]
    public int Epochs { get; init; } = 1;
}
