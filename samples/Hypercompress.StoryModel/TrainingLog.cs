using System.Globalization;
using Hypercompress.Training;

namespace Hypercompress.StoryModel;

/// <summary>Prints how far training is and saves the weights now and then.</summary>
/// <param name="stepsPerLine">Steps between two lines.</param>
/// <param name="save">Called after every measurement of the perplexity.</param>
internal sealed class TrainingLog(int stepsPerLine, Action save) : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (value.Step.Step % stepsPerLine == 0)
        {
            var step = value.Step;
            Print($"step {step.Step}: {step.Tokens / 1e6:F2} M tokens, loss {step.Loss:F3}");
            Print($"  {value.TokensPerSecond:F0} tokens/s, {value.Remaining.TotalMinutes:F1} min left");
        }

        if (value.HeldOut?.Perplexity is { } perplexity)
        {
            Print($"step {value.Step.Step}: held-out perplexity {perplexity:F3}");
            save();
        }
    }

    private static void Print(FormattableString line) =>
        Console.Error.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
