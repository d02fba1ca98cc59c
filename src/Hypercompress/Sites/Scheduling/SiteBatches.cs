using System.Collections.Immutable;

namespace Hypercompress.Sites.Scheduling;

/// <summary>
/// Cuts the sites of a model into batches of whole layers, small enough to keep one after the other and large enough
/// to keep all threads busy.
/// </summary>
internal static class SiteBatches
{
    private const int LeastSites = 16;
    private const int SitesPerThread = 4;

    /// <summary>Cuts.</summary>
    /// <param name="sites">The sites in the order of the decoder.</param>
    /// <param name="threads">CPU threads, 1 or more.</param>
    /// <param name="processes">
    /// Processes that take the batches in turns, 1 or more: with several, a batch is one layer.
    /// </param>
    /// <returns>The sites in the same order; those of one layer are together.</returns>
    public static IEnumerable<ImmutableArray<Site>> Of(ImmutableArray<Site> sites, int threads, int processes = 1)
    {
        int least = processes > 1 ? 1 : Math.Max(LeastSites, SitesPerThread * threads);
        var batch = ImmutableArray.CreateBuilder<Site>();
        foreach ((int index, Site site) in sites.Index())
        {
            batch.Add(site);
            bool endsLayer = index + 1 == sites.Length || sites[index + 1].Layer != site.Layer;
            if (batch.Count >= least && endsLayer)
            {
                yield return batch.ToImmutable();
                batch.Clear();
            }
        }

        if (batch.Count > 0)
        {
            yield return batch.ToImmutable();
        }
    }
}
