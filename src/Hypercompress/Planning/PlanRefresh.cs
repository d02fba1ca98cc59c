using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Models.Errors;
using Hypercompress.Planning.Choices;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning;

/// <summary>Brings a plan that was edited by hand, or made from other statistics, up to date.</summary>
internal static class PlanRefresh
{
    private const int Listed = 8;

    /// <summary>
    /// Finds every offer of the plan, by branch and setting, among what the branches offer now, and uses their bytes
    /// and
    /// errors.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="offers">The offers at its sites, in the same order.</param>
    /// <param name="stacks">Offers for several sites together.</param>
    /// <param name="rule">How offers that are taken together are combined.</param>
    /// <returns>The same decisions with exact bytes and current predictions.</returns>
    /// <exception cref="ArgumentException">The offers are for other sites.</exception>
    /// <exception cref="ConfigurationException">
    /// No branch offers such a setting at that site, or only some of the sites take an offer that they must share.
    /// </exception>
    public static CompressionPlan Apply(
        CompressionPlan plan,
        ImmutableArray<SiteOffers> offers,
        ImmutableArray<OfferStack> stacks,
        CombinationRule rule)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (!plan.Sites.Select(site => site.Site).SequenceEqual(offers.Select(site => site.Site)))
        {
            throw new ArgumentException("the offers are for other sites than the plan", nameof(offers));
        }

        Dictionary<string, SiteAssignment> planned = plan.Sites.ToDictionary(site => site.Site.Name);
        return plan with
        {
            Sites =
            [
                .. plan.Sites.Zip(offers, (site, current) => site.Offers.Any(offer => offer.Owner is not null)
                    ? Refresh(site, current, stacks, planned)
                    : Refresh(site, current, rule)),
            ],
        };
    }

    private static SiteAssignment Refresh(SiteAssignment site, SiteOffers current, CombinationRule rule)
    {
        if (site.Offers.IsEmpty)
        {
            return SiteAssignment.Of(site.Site, SiteChoiceBuilder.Keep(current));
        }

        ImmutableArray<Offer> found = [.. site.Offers.Select(offer => Find(offer, current))];
        return SiteAssignment.Of(site.Site, SiteChoiceBuilder.Combine(current, found, rule));
    }

    private static SiteAssignment Refresh(
        SiteAssignment site,
        SiteOffers current,
        ImmutableArray<OfferStack> stacks,
        Dictionary<string, SiteAssignment> planned)
    {
        Offer wanted = site.Offers[0];
        OfferStack stack = stacks.FirstOrDefault(known => known.Sites[0] == wanted.Owner
                && known.Sites.Contains(site.Site.Name) && IsSame(known.Offers[0], wanted))
            ?? throw new ConfigurationException(
                $"plan: {site.Site.Name}: {wanted.Branch} makes no offer with {Words(wanted)} that is stored at "
                + wanted.Owner);
        string? other = stack.Sites.FirstOrDefault(name => !planned[name].Offers.Any(offer => IsSame(offer, wanted)));
        return site.Offers.Length == 1 && other is null
            ? SiteAssignment.Of(
                site.Site, SiteChoiceBuilder.Take(current, stack.Offers[stack.Sites.IndexOf(site.Site.Name)]))
            : throw new ConfigurationException(
                $"plan: {site.Site.Name}: {wanted.Branch} offers {Words(wanted)} only for "
                + $"{string.Join(", ", stack.Sites)} together, as the only offer at each; give it to "
                + "all of them or to none");
    }

    private static bool IsSame(Offer one, Offer other) =>
        one.Branch == other.Branch && one.Owner == other.Owner && one.Setting.SequenceEqual(other.Setting);

    private static Offer Find(Offer wanted, SiteOffers current)
    {
        Offer[] ofBranch = [.. current.Offers.Where(offer => offer.Branch == wanted.Branch)];
        return Array.Find(ofBranch, offer => offer.Setting.SequenceEqual(wanted.Setting))
            ?? throw new ConfigurationException(
                $"plan: {current.Site.Name}: {wanted.Branch} does not offer {Words(wanted)}; it offers "
                + (ofBranch.Length == 0
                    ? "nothing here"
                    : string.Join("; ", ofBranch.Take(Listed).Select(Words))
                        + (ofBranch.Length > Listed ? "; …" : "")));
    }

    private static string Words(Offer offer) =>
        string.Join(", ", offer.Setting.Select(setting => $"{setting.Key} {setting.Value}"));
}
