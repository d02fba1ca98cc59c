using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Models.Errors;

namespace Hypercompress.Planning;

/// <summary>Brings a plan that was edited by hand, or made from other statistics, up to date.</summary>
public static class PlanRefresh
{
    private const int Listed = 8;

    /// <summary>
    /// Finds every offer of the plan, by branch and setting, among what the branches offer now, and takes bytes and errors
    /// from there.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="offers">What can be had at its sites, in the same order.</param>
    /// <param name="rule">How offers that are taken together are combined.</param>
    /// <returns>The same decisions with exact bytes and current predictions.</returns>
    /// <exception cref="ArgumentException">The offers are for other sites.</exception>
    /// <exception cref="ConfigurationException">No branch offers such a setting at that site.</exception>
    public static CompressionPlan Apply(CompressionPlan plan, ImmutableArray<SiteOffers> offers, CombinationRule rule)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (!plan.Sites.Select(site => site.Site).SequenceEqual(offers.Select(site => site.Site)))
        {
            throw new ArgumentException("the offers are for other sites than the plan", nameof(offers));
        }

        return plan with { Sites = [.. plan.Sites.Zip(offers, (site, current) => Refresh(site, current, rule))] };
    }

    private static SiteAssignment Refresh(SiteAssignment site, SiteOffers current, CombinationRule rule)
    {
        if (site.Offers.IsEmpty)
        {
            return SiteAssignment.Of(site.Site, SiteChoices.Keep(current));
        }

        ImmutableArray<Offer> found = [.. site.Offers.Select(offer => Find(offer, current))];
        return SiteAssignment.Of(site.Site, SiteChoices.Combine(current, found, rule));
    }

    private static Offer Find(Offer wanted, SiteOffers current)
    {
        Offer[] ofBranch = [.. current.Offers.Where(offer => offer.Branch == wanted.Branch)];
        return Array.Find(ofBranch, offer => offer.Setting.SequenceEqual(wanted.Setting))
            ?? throw new ConfigurationException(
                $"plan: {current.Site.Name}: {wanted.Branch} does not offer {Words(wanted)}; it offers "
                + (ofBranch.Length == 0
                    ? "nothing here"
                    : string.Join("; ", ofBranch.Take(Listed).Select(Words)) + (ofBranch.Length > Listed ? "; …" : "")));
    }

    private static string Words(Offer offer) =>
        string.Join(", ", offer.Setting.Select(setting => $"{setting.Key} {setting.Value}"));
}
