using System.Collections.Immutable;
using Hypercompress.Evaluation.Statistics;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Processes;
using static TorchSharp.torch;

namespace Hypercompress.Evaluation.Perplexity;

/// <summary>
/// A model's loss at every token of a text, to be compared with those of another state of the same model.
/// </summary>
/// <param name="Windows">Losses by window, nats.</param>
internal sealed record TokenLosses(ImmutableArray<ImmutableArray<double>> Windows)
{
    /// <summary>exp of the mean loss.</summary>
    public double Perplexity =>
        Math.Exp(Windows.Sum(window => window.Sum()) / Windows.Sum(window => (double)window.Length));

    /// <summary>Measures a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="text">The text.</param>
    /// <param name="options">Convention, window, stride and limit.</param>
    /// <param name="processes">The processes that each read some windows; null for this one alone.</param>
    /// <param name="cancellation">Stops between windows.</param>
    /// <returns>Its losses.</returns>
    /// <exception cref="CheckpointException">The text has fewer than two tokens.</exception>
    /// <exception cref="NumericalException">A loss is NaN or infinite.</exception>
    public static TokenLosses Measure(
        DecoderModel model,
        EvaluationText text,
        EvaluationOptions options,
        IProcessGroup? processes = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(options);
        using var noGrad = no_grad();
        var cut = new TextWindows(text, options, model);
        var scores = new WindowScores(text, cut.Options, "model");
        var windows = ImmutableArray.CreateBuilder<ImmutableArray<double>>(cut.Windows.Length);
        new WindowRounds(processes ?? SingleProcess.Instance).Run(
            cut.Windows,
            scores.Pending,
            window =>
            {
                cancellation.ThrowIfCancellationRequested();
                scores.Read(model, cut, window);
            },
            index => windows.Add([.. scores.EndWindow(index + 1)]));
        return new TokenLosses(windows.MoveToImmutable());
    }

    /// <summary>How much larger these losses are than others on the same text, as far as both go.</summary>
    /// <param name="other">The losses of another state of the model.</param>
    /// <returns>Mean difference in nats per token, and its standard error.</returns>
    public (double Mean, double StandardError) ExcessOver(TokenLosses other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var difference = new MeanEstimate();
        foreach ((ImmutableArray<double> ours, ImmutableArray<double> theirs) in Windows.Zip(other.Windows))
        {
            difference.AddWindow([.. ours.Zip(theirs, (our, their) => our - their)]);
        }

        return (difference.Mean, difference.StandardError);
    }
}
