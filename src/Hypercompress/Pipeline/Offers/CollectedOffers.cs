using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Pipeline.Offers;

/// <summary>The offers of all branches.</summary>
/// <param name="Sites">By site, in the order of the decoder.</param>
/// <param name="Stacks">Those for several sites together.</param>
internal sealed record CollectedOffers(ImmutableArray<SiteOffers> Sites, ImmutableArray<OfferStack> Stacks)
{
    /// <summary>These offers and others after them.</summary>
    public CollectedOffers With(CollectedOffers more) =>
        new(Sites.AddRange(more.Sites), Stacks.AddRange(more.Stacks));

    /// <summary>The sites with losses in proportion to those that were measured when a plan was made.</summary>
    /// <param name="plan">A plan for the same sites.</param>
    public ImmutableArray<SiteOffers> LossesOf(CompressionPlan plan) =>
    [
        .. Sites.Zip(plan.Sites, (site, planned) => site with
        {
            Loss = LossCurve.Through(new LossPoint(planned.PredictedError, planned.PredictedLoss), default),
        }),
    ];
}
