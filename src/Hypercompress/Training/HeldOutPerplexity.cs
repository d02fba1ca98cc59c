using System.Collections.Immutable;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Head;
using static TorchSharp.torch;

namespace Hypercompress.Training;

/// <summary>Perplexity on windows that training never sees; the same windows each time.</summary>
internal sealed class HeldOutPerplexity : IDisposable
{
    private readonly Tensor _windows;
    private readonly int _batchSize;

    private HeldOutPerplexity(Tensor windows, int batchSize) => (_windows, _batchSize) = (windows, batchSize);

    /// <summary>Cuts windows from the start of a text.</summary>
    /// <param name="tokens">The held-out text.</param>
    /// <param name="options">Length of a window, windows of a batch, and most tokens.</param>
    /// <returns>The measure, or null when the text has no whole window.</returns>
    public static HeldOutPerplexity? From(ImmutableArray<int> tokens, TrainingOptions options)
    {
        long length = Math.Min(options.SequenceLength, tokens.Length - 1);
        if (length < 1)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        long most = Math.Max(1, options.ValidationTokens / length);
        long count = Math.Min(most, (tokens.Length - 1) / length);
        Tensor all = tensor(tokens.AsSpan().ToArray(), dtype: ScalarType.Int64);
        Tensor windows = stack([.. Enumerable.Range(0, (int)count).Select(i => all.narrow(0, i * length, length + 1))]);
        return new HeldOutPerplexity(windows.DetachFromDisposeScope(), options.BatchSize);
    }

    /// <summary>Measures a model.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <returns>exp of the mean cross-entropy of the predicted tokens.</returns>
    public double Measure(DecoderModel model)
    {
        using var noGrad = no_grad();
        double total = 0;
        for (long first = 0; first < _windows.shape[0]; first += _batchSize)
        {
            using var scope = NewDisposeScope();
            long count = Math.Min(_batchSize, _windows.shape[0] - first);
            total += SumLoss(model, _windows.narrow(0, first, count).to(model.Device));
        }

        return Math.Exp(total / (_windows.shape[0] * (_windows.shape[1] - 1)));
    }

    /// <inheritdoc/>
    public void Dispose() => _windows.Dispose();

    private static double SumLoss(DecoderModel model, Tensor windows)
    {
        long length = windows.shape[1] - 1;
        Tensor hidden = model.Hidden(windows.narrow(1, 0, length)).reshape(1, -1, model.Config.HiddenSize);
        Tensor targets = windows.narrow(1, 1, length).reshape(-1);
        double total = 0;
        foreach (HeadChunk chunk in HeadChunks.Cut(targets.shape[0], model.Config.VocabularySize))
        {
            using var scope = NewDisposeScope();
            Tensor logits = chunk.Logits(model, hidden);
            total += nn.functional.cross_entropy(logits, chunk.Of(targets), reduction: nn.Reduction.Sum).item<float>();
        }

        return total;
    }
}
