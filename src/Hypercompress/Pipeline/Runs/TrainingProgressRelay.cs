using System.Globalization;
using Hypercompress.Phases;
using Hypercompress.Training;
using Hypercompress.Training.States;

namespace Hypercompress.Pipeline.Runs;

/// <summary>Passes the progress and the measurements of a training run on to its phase.</summary>
/// <param name="phase">The phase.</param>
internal sealed class TrainingProgressRelay(PhaseProgress phase) : IProgress<TrainingProgress>
{
    /// <summary>A watch that reports to a phase.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="name">Name of the state of the training in the journal of the run.</param>
    /// <param name="clock">For timing.</param>
    /// <returns>The watch.</returns>
    public static TrainingWatch Watch(PhaseProgress phase, string name, TimeProvider clock) =>
        new(clock, new TrainingProgressRelay(phase), phase.Cancellation)
        {
            Processes = phase.Processes,
            Checkpoints = phase.Journal is { } journal ? new TrainingCheckpoints(journal, name, clock) : null,
        };

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        long step = value.Step.Step + 1;
        phase.Measure(MeasuredSeries.TrainingLoss, step, value.Step.Loss);
        phase.Measure(MeasuredSeries.LearningRate, step, value.Step.LearningRate);
        phase.Measure(MeasuredSeries.GradientNorm, step, value.Step.GradientNorm);
        phase.Measure(MeasuredSeries.TokensPerSecond, step, value.TokensPerSecond);
        if (value.HeldOut is { } score)
        {
            phase.Measure(MeasuredSeries.HeldOutPerplexity, step, score.Perplexity);
            if (score.Divergence is { } divergence)
            {
                phase.Measure(MeasuredSeries.HeldOutDivergence, step, divergence);
            }
        }

        string detail = string.Create(
            CultureInfo.InvariantCulture, $"loss {value.Step.Loss:F4}, {value.TokensPerSecond:F0} tokens/s");
        phase.Report(value.Step.Tokens, value.TokenBudget, detail);
    }
}
