using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Hypercompress.Branches;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning.Choices;

/// <summary>Divides the sites of a model into groups that are decided together.</summary>
/// <param name="sites">All sites, with the offers that may be taken.</param>
/// <param name="rule">Which offers go together at one site.</param>
internal sealed partial class PlanUnitBuilder(ImmutableArray<SiteOffers> sites, CombinationRule rule)
{
    private readonly Dictionary<string, int> _index =
        Enumerable.Range(0, sites.Length).ToDictionary(index => sites[index].Site.Name);

    /// <summary>The units of a plan.</summary>
    /// <param name="stacks">Offers for several sites that may be taken.</param>
    /// <param name="uniform">
    /// Whether sites of one kind and shape are treated alike in all layers that may be compressed.
    /// </param>
    /// <param name="alike">Names of sites that are decided together, each in one group at most.</param>
    /// <returns>Units that hold every site once.</returns>
    public ImmutableArray<PlanUnit> Divide(
        ImmutableArray<OfferStack> stacks, bool uniform, ImmutableArray<ImmutableArray<string>> alike)
    {
        Dictionary<string, string> first = alike.SelectMany(group => group.Select(name => (name, Lead: group[0])))
            .ToDictionary(pair => pair.name, pair => pair.Lead);
        string Label(int index)
        {
            SiteOffers lead = sites[_index[first.GetValueOrDefault(sites[index].Site.Name, sites[index].Site.Name)]];
            return uniform && !sites[index].Offers.IsEmpty ? Kind(lead) : lead.Site.Name;
        }

        PlanUnit[] apart =
        [
            .. Enumerable.Range(0, sites.Length)
                .GroupBy(Label)
                .Select(group => Alike([.. group])),
        ];
        return [.. Connected(apart, stacks).SelectMany(group => Join([.. group], stacks))];
    }

    // Units that a stack connects, directly or by way of others.
    private IEnumerable<IGrouping<int, PlanUnit>> Connected(PlanUnit[] units, ImmutableArray<OfferStack> stacks)
    {
        int[] group = [.. Enumerable.Range(0, units.Length)];
        int[] unitOf = new int[sites.Length];
        for (int unit = 0; unit < units.Length; unit++)
        {
            foreach (int site in units[unit].Sites)
            {
                unitOf[site] = unit;
            }
        }

        foreach (OfferStack stack in stacks)
        {
            int[] touched = [.. stack.Sites.Select(name => group[unitOf[_index[name]]]).Distinct()];
            group = touched.Length == 1 ? group : [.. group.Select(own => touched.Contains(own) ? touched[0] : own)];
        }

        return Enumerable.Range(0, units.Length).GroupBy(unit => group[unit], unit => units[unit]);
    }

    // Where no setting of a stack reaches all sites, each unit stays by itself.
    private IEnumerable<PlanUnit> Join(ImmutableArray<PlanUnit> members, ImmutableArray<OfferStack> stacks)
    {
        ImmutableArray<int> indices = [.. members.SelectMany(member => member.Sites)];
        HashSet<string> names = [.. indices.Select(site => sites[site].Site.Name)];
        IEnumerable<OfferStack> near = stacks.Where(stack => members.Length > 1 && names.Contains(stack.Sites[0]));
        UnitChoice[] choices =
            [.. near.GroupBy(stack => Key(stack.Offers[0])).SelectMany(same => Stacked(indices, [.. same]))];
        return choices.Length == 0 ? members : [new PlanUnit(indices, [.. choices], members)];
    }

    // The stacks of one setting, where they reach every site and save bytes.
    private IEnumerable<UnitChoice> Stacked(ImmutableArray<int> indices, OfferStack[] stacks)
    {
        Dictionary<int, Offer> offers = stacks
            .SelectMany(stack => stack.Sites.Zip(stack.Offers, (name, offer) => (Site: _index[name], Offer: offer)))
            .ToDictionary(placed => placed.Site, placed => placed.Offer);
        if (!indices.All(offers.ContainsKey))
        {
            return [];
        }

        var choice = new UnitChoice([.. indices.Select(site => SiteChoiceBuilder.Take(sites[site], offers[site]))]);
        return choice.Bytes < indices.Sum(site => sites[site].KeepBytes) ? [choice] : [];
    }

    // The same choice at all members.
    private PlanUnit Alike(ImmutableArray<int> members)
    {
        ImmutableArray<SiteChoice> first = SiteChoiceBuilder.Of(sites[members[0]], rule);
        var others = members.Skip(1)
            .Select(index => (
                Site: sites[index],
                Offers: sites[index].Offers.GroupBy(Key).ToDictionary(same => same.Key, same => same.First())))
            .ToList();
        IEnumerable<UnitChoice> choices =
            from choice in first
            let keys = choice.Offers.Select(Key).ToArray()
            where others.TrueForAll(other => keys.All(other.Offers.ContainsKey))
            select new UnitChoice(
            [
                choice,
                .. others.Select(other => keys.Length == 0
                    ? SiteChoiceBuilder.Keep(other.Site)
                    : SiteChoiceBuilder.Combine(other.Site, [.. keys.Select(key => other.Offers[key])], rule)),
            ]);
        return new PlanUnit(members, [.. choices], []);
    }

    private static string Kind(SiteOffers site) =>
        $"{LayerNumber().Replace(site.Site.Name, ".*.")} [{site.Site.Rows}, {site.Site.Columns}]";

    private static string Key(Offer offer) =>
        $"{offer.Branch}: {string.Join(", ", offer.Setting.Select(setting => $"{setting.Key}={setting.Value}"))}";

    [GeneratedRegex(@"\.\d+\.")]
    private static partial Regex LayerNumber();
}
