using System.Globalization;
using Hypercompress.Distillation;
using Hypercompress.FineTuning;
using Hypercompress.Targets;

namespace Hypercompress.Pipeline.Solving;

/// <summary>Which training phases run, where the configuration leaves it open.</summary>
/// <param name="Distillation">The section <c>distillation</c> with its decision.</param>
/// <param name="FineTuning">The section <c>finetune</c> with its decision.</param>
/// <param name="Reason">Why a phase is left out; otherwise null.</param>
internal sealed record TrainingChoice(DistillationOptions Distillation, FineTuningOptions FineTuning, string? Reason)
{
    // Below, a run of the default length moves the loss by less than its noise (docs/experiments.md).
    private const double LeastExcess = 0.01;

    /// <summary>
    /// Divergence from the teacher, nats per token, below which distillation ends before its first step: what was
    /// expected from the plan may be more than what is then measured. 0 where the configuration asks for training.
    /// </summary>
    public double LeastDivergence { get; init; }

    /// <summary>Decides.</summary>
    /// <param name="distillation">The section <c>distillation</c>.</param>
    /// <param name="fineTuning">The section <c>finetune</c>.</param>
    /// <param name="excess">Expected loss of the model under the plan, nats per token.</param>
    /// <param name="hasMemory">
    /// Whether memory holds all weights: training needs them, and several numbers more for each.
    /// </param>
    /// <param name="target">The runtime that the result is for.</param>
    /// <returns>The sections, each switched on or off.</returns>
    public static TrainingChoice Of(
        DistillationOptions distillation,
        FineTuningOptions fineTuning,
        double excess,
        bool hasMemory,
        RuntimeTarget target)
    {
        bool isWorthwhile = excess >= LeastExcess && hasMemory && target.HoldsAllForms;
        bool distills = distillation.Enabled ?? isWorthwhile;
        bool tunes = fineTuning.Enabled ?? (isWorthwhile && !distills);
        return new TrainingChoice(
            distillation with { Enabled = distills },
            fineTuning with { Enabled = tunes },
            isWorthwhile || distillation.Enabled is not null ? null : WhyNot(excess, hasMemory, target))
        {
            LeastDivergence = distillation.Enabled is null ? LeastExcess : 0,
        };
    }

    private static string WhyNot(double excess, bool hasMemory, RuntimeTarget target) =>
        (target.HoldsAllForms, hasMemory) switch
        {
            (false, _) =>
                $"training is left out: matrices in the types of {target.Name} do not train (distillation.enabled)",
            (_, false) => "training is left out: it needs all weights in memory, and there is not enough of it "
                + "(distillation.enabled)",
            _ => NothingToGain("the plan is expected to cost", excess),
        };

    /// <summary>Says that there is nothing to gain.</summary>
    /// <param name="finding">What was found, such as <c>the plan is expected to cost</c>.</param>
    /// <param name="nats">How much of it, nats per token.</param>
    internal static string NothingToGain(string finding, double nats) => string.Create(
        CultureInfo.InvariantCulture,
        $"training is left out: {finding} {nats:0.####} nats per token, and below {LeastExcess} nats training gains "
        + $"nothing that can be measured (distillation.enabled)");
}
