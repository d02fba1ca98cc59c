using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Head;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Evaluation.Perplexity;

/// <summary>
/// One model's reading of one window: the hidden states from which its targets are predicted. Log-probabilities, which
/// are as wide as the vocabulary, are made for one chunk of positions at a time.
/// </summary>
internal sealed class WindowPass : IDisposable
{
    private readonly DecoderModel _model;
    private readonly Tensor _hidden;
    private readonly long _targets;

    /// <summary>Reads a window.</summary>
    /// <param name="model">The model; not owned.</param>
    /// <param name="cut">The text.</param>
    /// <param name="window">One of its windows.</param>
    public WindowPass(DecoderModel model, TextWindows cut, TokenWindow window)
    {
        using var scope = NewDisposeScope();
        long[] ids = [.. cut.Ids(window)];
        (_model, _targets) = (model, window.Targets);
        Tensor hidden = model.Hidden(tensor(ids, [1, ids.Length], device: model.Device));
        _hidden = hidden.narrow(1, window.FirstTarget - 1, window.Targets).DetachFromDisposeScope();
    }

    /// <summary>The window's targets in chunks.</summary>
    public IEnumerable<HeadChunk> Chunks => HeadChunks.Cut(_targets, _model.Config.VocabularySize);

    /// <summary>Log-probabilities of the tokens at some targets.</summary>
    /// <param name="chunk">Some of the window's targets.</param>
    /// <returns>float32 [count, vocabulary]; the caller's scope owns it.</returns>
    public Tensor LogProbabilities(HeadChunk chunk) => chunk.LogProbabilities(_model, _hidden);

    /// <inheritdoc/>
    public void Dispose() => _hidden.Dispose();
}
