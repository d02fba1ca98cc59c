using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>
/// Keys and values of the tokens that a decoder has seen, so that each is computed once. It is for inference: gradients
/// do not flow through it. Layers whose key/value matrix is an <see cref="ILatentMatrix"/> of a rank below its rows
/// keep the latent alone; all others keep rotated keys and values.
/// </summary>
public sealed class KvCache : IDisposable
{
    private readonly LayerCache[] _layers;
    private readonly CacheBuffer? _ids;
    private long _batch;

    /// <summary>Creates an empty cache.</summary>
    /// <param name="model">
    /// The model that will fill it; its matrices must stay in place while the cache is in use.
    /// </param>
    public KvCache(DecoderModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ValuesPerToken = model.CachedValuesPerToken;
        _layers = [.. Enumerable.Range(0, model.Config.Layers).Select(_ => new LayerCache())];
        _ids = model.SwitchLength is null ? null : new CacheBuffer(1);
    }

    /// <summary>Number of positions held.</summary>
    public long Length { get; private set; }

    /// <summary>Values kept per token, over all layers.</summary>
    public long ValuesPerToken { get; }

    /// <summary>Bytes that this cache itself holds now: float32, room for growth included.</summary>
    public long StorageBytes => _layers.Sum(layer => layer.StorageBytes);

    /// <summary>Bytes kept per token, over all layers, were each value stored in so many bytes.</summary>
    /// <param name="bytesPerValue">2 for a 16-bit cache, 4 for the float32 that this cache uses.</param>
    /// <returns>Bytes per token.</returns>
    public long BytesPerToken(int bytesPerValue = 2) => ValuesPerToken * bytesPerValue;

    /// <summary>Forgets the last positions, so that other tokens can follow the first ones.</summary>
    /// <param name="length">Positions that stay, at most <see cref="Length"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cache does not hold as many.</exception>
    public void Truncate(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Length = length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LayerCache layer in _layers)
        {
            layer.Dispose();
        }

        _ids?.Dispose();
    }

    /// <summary>Positions of the sequence when the latest tokens were added.</summary>
    internal long FilledFor { get; private set; }

    /// <summary>The part of one layer.</summary>
    internal LayerCache Layer(int layer) => _layers[layer];

    /// <summary>Prepares for more tokens.</summary>
    /// <exception cref="ArgumentException">The cache holds tokens of another number of sequences.</exception>
    internal void Accept(long batch)
    {
        if (Length > 0 && batch != _batch)
        {
            throw new ArgumentException($"the cache holds {_batch} sequences, the ids have {batch}", nameof(batch));
        }

        _batch = batch;
    }

    /// <summary>Keeps the ids of tokens that may have to be computed again.</summary>
    /// <param name="ids">int64 [batch, tokens], those that follow.</param>
    /// <returns>All ids, [batch, positions]; belongs to the current dispose scope. Null when none are kept.</returns>
    internal Tensor? Remember(Tensor ids) => _ids?.Write(ids, Length);

    /// <summary>Declares that all layers hold so many more positions.</summary>
    /// <param name="tokens">How many.</param>
    /// <param name="positions">Positions of the whole sequence.</param>
    internal void Advance(long tokens, long positions)
    {
        Length += tokens;
        FilledFor = positions;
    }
}
