using System.Collections.Immutable;
using Hypercompress.Forms;
using Hypercompress.Journal;
using Hypercompress.Merging;
using Hypercompress.Pipeline.Keeping;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Pipeline.Solving;

/// <summary>
/// Keeps solved sites: their merged matrices and the measurements of the branches, without the pieces that were merged.
/// </summary>
/// <param name="forms">Writes and reads matrices.</param>
/// <param name="sites">The sites, in the order of the decoder.</param>
internal sealed class SolvedFormat(KeptForms forms, IReadOnlyList<Site> sites) : IJournalFormat<SolvedSites>
{
    private const string Strategy = "strategy";
    private const string Sites = "sites";
    private const string Branches = "branches";
    private const string Blends = "blends";

    /// <inheritdoc/>
    public void Write(SolvedSites value, EntryDraft draft)
    {
        draft.Document[Strategy] = value.Blueprint.Strategy;
        draft.Document[Sites] = JournalJson.ToNode(
            value.Blueprint.Sites.Select(site => new KeptSite(site.Site.Name, site.Error, site.Alternatives)));
        draft.Document[Branches] = JournalJson.ToNode(value.Artifacts.Select(KeptBranch.Of));
        draft.Document[Blends] = JournalJson.ToNode(value.Blends);
        KeptForms.Write(value.Blueprint.Sites.Select(site => (site.Site.Name, site.Matrix)), draft);
    }

    /// <inheritdoc/>
    public SolvedSites Read(JournalEntry entry)
    {
        ImmutableDictionary<string, FormMatrix> matrices = forms.Read(entry, CPU);
        Dictionary<string, Site> byName = sites.ToDictionary(site => site.Name, StringComparer.Ordinal);
        ImmutableArray<SiteBlueprint> solved =
        [
            .. entry.Get<KeptSite[]>(Sites).Select(kept => new SiteBlueprint(
                byName[kept.Site],
                matrices[kept.Site],
                kept.Error,
                kept.Alternatives.WithComparers(StringComparer.Ordinal))),
        ];
        return new SolvedSites(
            [.. entry.Get<KeptBranch[]>(Branches).Select(branch => branch.ToArtifact())],
            new Blueprint(entry.Get<string>(Strategy), solved))
        {
            Blends = entry.Get<ImmutableSortedDictionary<string, double>>(Blends)
                .WithComparers(StringComparer.Ordinal),
        };
    }

    /// <inheritdoc/>
    public void Discard(SolvedSites value) => FormMatrix.Release(value.Blueprint.Sites.Select(site => site.Matrix));
}
