namespace Hypercompress.Sites;

/// <summary>What the second moments of the inputs of sites take.</summary>
internal static class MomentStorage
{
    /// <summary>Bytes of moments that wait in memory until they are wanted; more wait on a disk.</summary>
    public const long IdleBytes = 256L << 20;

    // Inputs of one width that a layer has at most: of the attention, of its output and of the MLP.
    private const int InputsOfAWidth = 3;

    /// <summary>Bytes of all moments; sites that read the same inputs share one.</summary>
    /// <param name="sites">The sites of a model.</param>
    /// <returns>An upper bound.</returns>
    public static long BytesOf(IEnumerable<Site> sites) => sites
        .GroupBy(site => (site.Layer, site.Columns))
        .Sum(group => Math.Min(InputsOfAWidth, group.Count()) * group.Key.Columns * group.Key.Columns * sizeof(double));
}
