namespace Hypercompress.Branches.KvCache;

/// <summary>Widths of the latent that keys and values of a layer share.</summary>
internal static class KvCacheMath
{
    /// <summary>
    /// The widest latent that makes the cache smaller: below the 2 · kv_heads · head_dim values that it replaces.
    /// </summary>
    /// <param name="rows">Rows of the stacked key/value matrix, 2 · kv_heads · head_dim.</param>
    /// <param name="columns">Width of the hidden state.</param>
    /// <param name="configured">Configured width, or null.</param>
    /// <returns>At least 0; 0 when there is none.</returns>
    internal static int WidestLatent(long rows, long columns, int? configured) =>
        (int)long.Min(long.Min(rows - 1, columns), configured ?? int.MaxValue);
}
