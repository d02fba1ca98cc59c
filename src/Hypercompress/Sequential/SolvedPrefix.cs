using System.Collections.Immutable;
using Hypercompress.Merging;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Sites;
using Hypercompress.Surgery;

namespace Hypercompress.Sequential;

/// <summary>The matrices that were solved so far.</summary>
/// <param name="teacher">The dense model, which borrows them for a pass.</param>
internal sealed class SolvedPrefix(DecoderModel teacher) : IDisposable
{
    private readonly Dictionary<Site, SiteBlueprint> _solved = [];

    /// <summary>The matrix of a site.</summary>
    /// <param name="site">A site that was solved.</param>
    internal SiteBlueprint this[Site site] => _solved[site];

    /// <summary>Takes matrices over and moves them to the teacher's device.</summary>
    /// <param name="solved">The matrices of sites that were not solved before.</param>
    internal void Add(IEnumerable<SiteBlueprint> solved)
    {
        foreach (SiteBlueprint site in solved)
        {
            _solved.Add(site.Site, site);
            site.Matrix.MoveTo(teacher.Device);
        }
    }

    /// <summary>Lets the teacher run with the matrices of some sites.</summary>
    /// <param name="sites">Sites that were solved.</param>
    /// <returns>The teacher has its own matrices again when this is disposed.</returns>
    internal TemporarySwap Lend(IEnumerable<Site> sites) => new(
        teacher, sites.Select(site => KeyValuePair.Create<string, WeightMatrix>(site.Name, _solved[site].Matrix)));

    /// <summary>All of it.</summary>
    /// <param name="sites">Every site, in the order that is wanted.</param>
    internal ImmutableArray<SiteBlueprint> InOrder(IEnumerable<Site> sites) => [.. sites.Select(site => _solved[site])];

    /// <summary>Disposes the matrices: for a prefix that nobody takes.</summary>
    public void Dispose()
    {
        foreach (SiteBlueprint site in _solved.Values)
        {
            site.Matrix.Dispose();
        }

        _solved.Clear();
    }
}
