namespace Hypercompress.Models.Transformer;

/// <summary>One layer's memory of earlier positions: rotated keys and values, or a latent of both.</summary>
internal sealed class LayerCache : IDisposable
{
    /// <summary>Rotated keys [batch, kv_heads, positions, head_dim].</summary>
    public CacheBuffer Keys { get; } = new(2);

    /// <summary>Values [batch, kv_heads, positions, head_dim].</summary>
    public CacheBuffer Values { get; } = new(2);

    /// <summary>Latents [batch, positions, rank].</summary>
    public CacheBuffer Latents { get; } = new(1);

    /// <summary>Bytes held.</summary>
    public long StorageBytes => Keys.StorageBytes + Values.StorageBytes + Latents.StorageBytes;

    /// <inheritdoc/>
    public void Dispose()
    {
        Keys.Dispose();
        Values.Dispose();
        Latents.Dispose();
    }
}
