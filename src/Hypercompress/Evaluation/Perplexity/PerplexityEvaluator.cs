using System.Collections.Immutable;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Evaluation.Perplexity;

/// <summary>
/// Measures perplexity and next-token accuracy. The <c>paper</c> convention is that of GPTQ, SparseGPT, Wanda and
/// SVD-LLM; the <c>sliding</c> one that of the transformers documentation. Log-softmax is float32, sums are float64.
/// No state is kept between windows, so a text gives the same numbers at any position in a list.
/// </summary>
/// <param name="options">
/// Convention, window, stride and limit. Windows never exceed what the model was made for.
/// </param>
public sealed class PerplexityEvaluator(EvaluationOptions options)
{
    /// <summary>Scores a model on a text.</summary>
    /// <param name="model">Any decoder, dense or compressed.</param>
    /// <param name="text">The text; one that is shorter than a window is one window.</param>
    /// <param name="progress">Told after every window; none by default.</param>
    /// <param name="cancellation">Stops between windows.</param>
    /// <returns>The scores.</returns>
    /// <exception cref="CheckpointException">The text has fewer than two tokens.</exception>
    /// <exception cref="ConfigurationException">A token is outside the model's vocabulary.</exception>
    /// <exception cref="NumericalException">A loss is NaN or infinite; the message has the window's number.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public PerplexityResult Evaluate(
        DecoderModel model,
        EvaluationText text,
        IProgress<EvaluationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(text);
        using var noGrad = no_grad();
        var cut = new TextWindows(text, options, model);
        var scores = new WindowScores(text, cut.Options, "model");
        for (int index = 0; index < cut.Windows.Length; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            scores.Read(model, cut, cut.Windows[index]);
            scores.EndWindow(index + 1);
            progress?.Report(new EvaluationProgress(text.File, "windows", index + 1, cut.Windows.Length));
        }

        return scores.Result();
    }
}
