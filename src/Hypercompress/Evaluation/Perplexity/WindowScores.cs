using System.Globalization;
using Hypercompress.Evaluation.Statistics;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Head;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Evaluation.Perplexity;

/// <summary>One model's scores over a text, window by window.</summary>
/// <param name="text">The text.</param>
/// <param name="options">What is measured.</param>
/// <param name="who">Name of the model in messages.</param>
internal sealed class WindowScores(EvaluationText text, EvaluationOptions options, string who)
{
    private readonly MeanEstimate _loss = new();
    private readonly MeanEstimate _hits = new();
    private readonly List<double> _losses = [];
    private readonly List<double> _hit = [];

    /// <summary>The numbers of the window that is being scored, one for each target.</summary>
    public IReadOnlyList<List<double>> Pending => [_losses, _hit];

    /// <summary>Reads a window with a model and scores all its targets.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cut">The text.</param>
    /// <param name="window">One of its windows.</param>
    public void Read(DecoderModel model, TextWindows cut, TokenWindow window)
    {
        using var scope = NewDisposeScope();
        using var pass = new WindowPass(model, cut, window);
        Tensor targets = cut.Targets(window, model.Device);
        foreach (HeadChunk chunk in pass.Chunks)
        {
            using var part = NewDisposeScope();
            Score(pass.LogProbabilities(chunk), chunk.Of(targets));
        }
    }

    /// <summary>Scores some positions of the current window.</summary>
    /// <param name="logProbabilities">float32 [count, vocabulary].</param>
    /// <param name="targets">The tokens that came, int64 [count].</param>
    /// <returns>The most probable tokens, int64 [count]; the caller's scope owns them.</returns>
    public Tensor Score(Tensor logProbabilities, Tensor targets)
    {
        using var scope = NewDisposeScope();
        Tensor losses = -logProbabilities.gather(1, targets.unsqueeze(1)).squeeze(1).to(ScalarType.Float64);
        Tensor guesses = logProbabilities.argmax(1);
        _losses.AddRange(losses.cpu().data<double>().ToArray());
        _hit.AddRange(guesses.eq(targets).to(ScalarType.Float64).cpu().data<double>().ToArray());
        return guesses.MoveToOuterDisposeScope();
    }

    /// <summary>Ends a window.</summary>
    /// <param name="number">1-based number of the window, for messages.</param>
    /// <returns>Loss of every target of the window, in nats.</returns>
    /// <exception cref="NumericalException">A loss is NaN or infinite.</exception>
    public double[] EndWindow(int number)
    {
        double[] losses = [.. _losses];
        int broken = Array.FindIndex(losses, loss => !double.IsFinite(loss));
        if (broken >= 0)
        {
            string value = losses[broken].ToString(CultureInfo.InvariantCulture);
            throw new NumericalException(
                $"{text.File}, window {number}: the loss of the {who} at target {broken} is {value}; "
                + "its logits are not finite. Check its weights with 'inspect', or compress less");
        }

        _loss.AddWindow(losses);
        _hits.AddWindow([.. _hit]);
        _losses.Clear();
        _hit.Clear();
        return losses;
    }

    /// <summary>The scores over all windows.</summary>
    /// <exception cref="NumericalException">The mean loss is so large that the perplexity is infinite.</exception>
    public PerplexityResult Result() => new(
        text.File,
        options.Convention,
        options.Window,
        PerplexityOf(_loss.Mean),
        _loss.Mean,
        _loss.StandardError,
        _loss.Count,
        _hits.Mean,
        _hits.StandardError);

    private double PerplexityOf(double loss)
    {
        double perplexity = Math.Exp(loss);
        return double.IsFinite(perplexity)
            ? perplexity
            : throw new NumericalException(string.Create(
                CultureInfo.InvariantCulture,
                $"{text.File}: the mean loss of the {who} is {loss:g4} nats per token, whose perplexity is infinite; "
                + $"check its weights with 'inspect', or compress less"));
    }
}
