using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Hypercompress.Branches;

namespace Hypercompress.Planning;

/// <summary>Sites that are decided together: a single one, or the same one of every layer.</summary>
/// <param name="Sites">Indices of the sites.</param>
/// <param name="Choices">What can be decided, by bytes; never empty.</param>
internal sealed partial record PlanUnit(ImmutableArray<int> Sites, ImmutableArray<UnitChoice> Choices)
{
    /// <summary>The units of a plan.</summary>
    /// <param name="sites">All sites, with the offers that may be taken.</param>
    /// <param name="rule">Which offers go together.</param>
    /// <param name="uniform">Whether sites of one kind and shape are treated alike in all layers that may be compressed.</param>
    /// <returns>Units that hold every site once.</returns>
    public static ImmutableArray<PlanUnit> Of(ImmutableArray<SiteOffers> sites, CombinationRule rule, bool uniform) =>
    [
        .. Enumerable.Range(0, sites.Length)
            .GroupBy(index => uniform && !sites[index].Offers.IsEmpty ? Kind(sites[index]) : sites[index].Site.Name)
            .Select(group => Of(sites, [.. group], rule)),
    ];

    private static PlanUnit Of(ImmutableArray<SiteOffers> sites, ImmutableArray<int> members, CombinationRule rule)
    {
        ImmutableArray<SiteChoice> first = SiteChoices.Of(sites[members[0]], rule);
        var others = members.Skip(1)
            .Select(index => (Site: sites[index], Offers: sites[index].Offers.GroupBy(Key).ToDictionary(same => same.Key, same => same.First())))
            .ToList();
        IEnumerable<UnitChoice> choices =
            from choice in first
            let keys = choice.Offers.Select(Key).ToArray()
            where others.TrueForAll(other => keys.All(other.Offers.ContainsKey))
            select new UnitChoice(
            [
                choice,
                .. others.Select(other => keys.Length == 0
                    ? SiteChoices.Keep(other.Site)
                    : SiteChoices.Combine(other.Site, [.. keys.Select(key => other.Offers[key])], rule)),
            ]);
        return new PlanUnit(members, [.. choices]);
    }

    private static string Kind(SiteOffers site) =>
        $"{LayerNumber().Replace(site.Site.Name, ".*.")} [{site.Site.Rows}, {site.Site.Columns}]";

    private static string Key(Offer offer) =>
        $"{offer.Branch}: {string.Join(", ", offer.Setting.Select(setting => $"{setting.Key}={setting.Value}"))}";

    [GeneratedRegex(@"\.\d+\.")]
    private static partial Regex LayerNumber();
}
