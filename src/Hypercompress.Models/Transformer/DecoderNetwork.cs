using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>
/// The passes of a <see cref="DecoderModel"/> through its layers. It owns no weights: it holds the slots of the model.
/// </summary>
internal sealed class DecoderNetwork
{
    private readonly double? _logitSoftCap;
    private readonly ImmutableArray<DecoderLayer> _layers;
    private readonly PassNeeds _needs;
    private readonly Norm _norm;
    private readonly TokenEmbedding _embedding;
    private readonly LinearLayer _head;

    /// <summary>Connects the weights.</summary>
    /// <param name="config">Sizes and choices.</param>
    /// <param name="slots">The matrices.</param>
    /// <param name="vectors">Norms, biases and learned positions.</param>
    public DecoderNetwork(DecoderConfig config, ImmutableArray<WeightSlot> slots, ImmutableArray<VectorSlot> vectors)
    {
        var parts = new DecoderParts(config, slots, vectors);
        WeightSlot embedding = parts.Slot(DecoderLayout.EmbeddingName);
        _logitSoftCap = config.LogitSoftCap;
        _needs = parts.Needs;
        _embedding = new TokenEmbedding(config, embedding, parts.Positions);
        _layers = [.. Enumerable.Range(0, config.Layers).Select(parts.Layer)];
        _norm = parts.FinalNorm;
        _head = config.TieEmbeddings ? new LinearLayer(embedding, null) : parts.Linear(DecoderLayout.HeadName);
    }

    /// <summary>Values that a cache keeps per token, over all layers.</summary>
    public long CachedValuesPerToken => _layers.Sum(layer => layer.CachedValuesPerToken);

    /// <inheritdoc cref="DecoderModel.SwitchLength"/>
    public long? SwitchLength => _needs.Rotaries.Min(rotary => rotary.SwitchLength);

    /// <summary>As <see cref="DecoderModel.Hidden"/>, on a device.</summary>
    public Tensor Hidden(Tensor ids, KvCache? cache, IForwardTap? tap, TokenTree? tree, Device device)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.dim() != 2 || ids.dtype != ScalarType.Int64 || ids.shape[1] == 0)
        {
            throw new ArgumentException(
                $"expected int64 ids [batch, tokens], found {ids.dtype} [{string.Join(", ", ids.shape)}]", nameof(ids));
        }

        if (tree is not null && (ids.shape[0] != 1 || tree.Count != (cache?.Length ?? 0) + ids.shape[1]))
        {
            throw new ArgumentException(
                $"the tree has {tree.Count} tokens of one sequence, the cache {cache?.Length ?? 0} and the ids "
                + $"[{string.Join(", ", ids.shape)}]",
                nameof(tree));
        }

        cache?.Accept(ids.shape[0]);
        using var scope = NewDisposeScope();
        Tensor hidden = Run(Restarted(ids, cache, tree), cache, tap, tree, device);
        long first = hidden.shape[1] - ids.shape[1];
        return (first == 0 ? hidden : hidden.narrow(1, first, ids.shape[1])).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="DecoderModel.Resume"/>, on a device.</summary>
    public Tensor Resume(int layer, Tensor states, Device device)
    {
        ArgumentNullException.ThrowIfNull(states);
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, _layers.Length);
        using var scope = NewDisposeScope();
        var pass = new ForwardPass(_needs, states.shape[1], cache: null, tree: null, tap: null, device);
        return _norm.Apply(Through(layer, _layers.Length, states.alias(), pass)).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="DecoderModel.Enter"/>, on a device.</summary>
    public Tensor Enter(Tensor ids, IForwardTap? tap, Device device)
    {
        ArgumentNullException.ThrowIfNull(ids);
        using var scope = NewDisposeScope();
        var pass = new ForwardPass(_needs, ids.shape[1], cache: null, tree: null, tap, device);
        return _embedding.Apply(ids, pass, null, device).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="DecoderModel.RunLayer"/>, on a device.</summary>
    public Tensor RunLayer(int layer, Tensor states, IForwardTap? tap, Device device)
    {
        ArgumentNullException.ThrowIfNull(states);
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, _layers.Length);
        using var scope = NewDisposeScope();
        var pass = new ForwardPass(_needs, states.shape[1], cache: null, tree: null, tap, device);
        return Through(layer, layer + 1, states.alias(), pass).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="DecoderModel.BeginLayer"/>, on a device.</summary>
    public LayerSteps BeginLayer(int layer, Tensor states, Device device)
    {
        ArgumentNullException.ThrowIfNull(states);
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, _layers.Length);
        return new LayerSteps(
            _layers[layer],
            count => new ForwardPass(_needs, count, cache: null, tree: null, tap: null, device),
            states);
    }

    /// <inheritdoc cref="DecoderModel.Leave"/>
    public Tensor Leave(Tensor states)
    {
        ArgumentNullException.ThrowIfNull(states);
        using var scope = NewDisposeScope();
        return _norm.Apply(states).MoveToOuterDisposeScope();
    }

    /// <inheritdoc cref="DecoderModel.Logits"/>
    public Tensor Logits(Tensor hidden, IForwardTap? tap)
    {
        Tensor logits = _head.Apply(hidden, tap);
        if (_logitSoftCap is not { } cap)
        {
            return logits;
        }

        using (logits)
        using (var scope = NewDisposeScope())
        {
            return ((logits / cap).tanh() * cap).MoveToOuterDisposeScope();
        }
    }

    /// <summary>The ids of this pass: all of them when the cache was filled under another rotation.</summary>
    private Tensor Restarted(Tensor ids, KvCache? cache, TokenTree? tree)
    {
        if (cache is null || SwitchLength is not { } length)
        {
            return ids;
        }

        Tensor all = cache.Remember(ids)!;
        long positions = tree?.Depth ?? all.shape[1];
        if (cache.Length == 0 || cache.FilledFor > length == positions > length)
        {
            return ids;
        }

        cache.Truncate(0);
        return all;
    }

    private Tensor Run(Tensor ids, KvCache? cache, IForwardTap? tap, TokenTree? tree, Device device)
    {
        var pass = new ForwardPass(_needs, ids.shape[1], cache, tree, tap, device);
        Tensor hidden = _embedding.Apply(ids, pass, tree, device);
        hidden = Through(0, _layers.Length, hidden, pass);
        cache?.Advance(pass.Count, tree?.Depth ?? pass.Start + pass.Count);
        return _norm.Apply(hidden);
    }

    // Takes the states over: only those of one layer are in memory.
    private Tensor Through(int first, int end, Tensor states, ForwardPass pass)
    {
        for (int layer = first; layer < end; layer++)
        {
            Tensor next = _layers[layer].Apply(states, pass);
            pass.Tap?.OnLayer(layer, next);
            states.Dispose();
            states = next;
        }

        return states;
    }
}
