using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Head;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Evaluation.Benchmarks.Scoring;

/// <summary>
/// One model's reading of packs. The beginning that a pack shares with the one before stays in the cache, so that the
/// examples of a few-shot prompt are read once for a whole task.
/// </summary>
/// <param name="model">The model; not owned.</param>
internal sealed class PackReader(DecoderModel model) : IDisposable
{
    // Long beginnings are read in parts: attention needs memory for part × all.
    private const int PartLength = 1024;
    private readonly KvCache _cache = new(model);
    private int[] _cached = [];

    /// <summary>Reads a pack.</summary>
    /// <param name="pack">The pack.</param>
    /// <returns>Hidden states of its rows, float32 [1, rows, hidden]; the caller disposes them.</returns>
    public Tensor Read(TokenPack pack)
    {
        using var scope = NewDisposeScope();
        Remember(pack.Prefix);
        Tensor ids = ToTensor(pack.Ids);
        TokenTree? tree = pack.Tree();
        Tensor hidden = pack.Prefix.Length == 0 && tree is null
            ? model.Hidden(ids)
            : model.Hidden(ids, _cache, tree: tree);
        _cache.Truncate(pack.Prefix.Length);
        return hidden.index_select(1, ToTensor(pack.Rows).squeeze(0)).MoveToOuterDisposeScope();
    }

    /// <summary>Log-probabilities of the next token.</summary>
    /// <param name="hidden">From <see cref="Read"/>.</param>
    /// <param name="rows">Some of its rows.</param>
    /// <returns>float32 [count, vocabulary]; the caller's scope owns it.</returns>
    public Tensor LogProbabilities(Tensor hidden, HeadChunk rows) => rows.LogProbabilities(model, hidden);

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();

    private void Remember(int[] prefix)
    {
        int known = _cached.AsSpan().CommonPrefixLength(prefix);
        _cache.Truncate(known);
        for (int start = known; start < prefix.Length; start += PartLength)
        {
            using var scope = NewDisposeScope();
            int end = Math.Min(start + PartLength, prefix.Length);
            model.Hidden(ToTensor(prefix[start..end]), _cache);
        }

        _cached = prefix;
    }

    private Tensor ToTensor(IReadOnlyList<int> ids) =>
        tensor([.. ids.Select(id => (long)id)], [1, ids.Count], device: model.Device);
}
