using System.Globalization;
using Hypercompress.Phases;
using Hypercompress.Training;

namespace Hypercompress.Pipeline.Runs;

/// <summary>Passes the progress of a training run on to its phase.</summary>
/// <param name="phase">The phase.</param>
internal sealed class TrainingProgressRelay(PhaseProgress phase) : IProgress<TrainingProgress>
{
    /// <summary>A watch that reports to a phase.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="clock">For timing.</param>
    /// <returns>The watch.</returns>
    public static TrainingWatch Watch(PhaseProgress phase, TimeProvider clock) =>
        new(clock, new TrainingProgressRelay(phase), phase.Cancellation);

    /// <inheritdoc/>
    public void Report(TrainingProgress value) => phase.Report(
        value.Step.Tokens,
        value.TokenBudget,
        string.Create(
            CultureInfo.InvariantCulture,
            $"loss {value.Step.Loss:F4}, {value.TokensPerSecond:F0} tokens/s"));
}
