using Hypercompress.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Evaluation.Perplexity;

/// <summary>
/// One model's reading of one window. Only the narrow hidden states are kept; log-probabilities, which are as wide as
/// the vocabulary, are made for a few positions at a time.
/// </summary>
internal sealed class WindowPass : IDisposable
{
    private readonly DecoderModel _model;
    private readonly Tensor _hidden;

    /// <summary>Reads a window.</summary>
    /// <param name="model">The model; not owned.</param>
    /// <param name="ids">The window's tokens.</param>
    public WindowPass(DecoderModel model, ReadOnlySpan<int> ids)
    {
        using var scope = NewDisposeScope();
        long[] wide = [.. ids];
        _model = model;
        _hidden = model.Hidden(tensor(wide, [1, wide.Length], device: model.Device)).DetachFromDisposeScope();
    }

    /// <summary>Log-probabilities of the next token after each of some positions.</summary>
    /// <param name="position">0-based first position.</param>
    /// <param name="count">Number of positions.</param>
    /// <returns>float32 [count, vocabulary]; the caller's scope owns it.</returns>
    public Tensor LogProbabilities(int position, int count)
    {
        using var scope = NewDisposeScope();
        Tensor logits = _model.Logits(_hidden.narrow(1, position, count));
        return nn.functional.log_softmax(logits.squeeze(0), 1).MoveToOuterDisposeScope();
    }

    public void Dispose() => _hidden.Dispose();
}
