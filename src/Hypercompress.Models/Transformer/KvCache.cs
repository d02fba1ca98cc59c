namespace Hypercompress.Models.Transformer;

/// <summary>
/// What a decoder remembers of the tokens it has seen, so that each is computed once. For inference: gradients do not
/// flow through it. Layers whose key/value matrix is an <see cref="ILatentMatrix"/> of a rank below its rows keep the
/// latent alone; all others keep rotated keys and values.
/// </summary>
public sealed class KvCache : IDisposable
{
    private readonly LayerCache[] _layers;
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
    }

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

    /// <summary>Declares that all layers hold so many more positions.</summary>
    internal void Advance(long positions) => Length += positions;
}
