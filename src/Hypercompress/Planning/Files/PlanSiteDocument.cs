using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Sites;

namespace Hypercompress.Planning.Files;

/// <summary>A site in <c>plan.json</c>.</summary>
/// <param name="Name">As in <see cref="Site"/>.</param>
/// <param name="Kind">As in <see cref="Site"/>.</param>
/// <param name="Layer">As in <see cref="Site"/>.</param>
/// <param name="Rows">As in <see cref="Site"/>.</param>
/// <param name="Columns">As in <see cref="Site"/>.</param>
/// <param name="Bytes">As in <see cref="SiteAssignment"/>.</param>
/// <param name="PredictedError">As in <see cref="SiteAssignment"/>.</param>
/// <param name="Offers">As in <see cref="SiteAssignment"/>.</param>
/// <param name="PredictedLoss">As in <see cref="SiteAssignment"/>; written for people, and not needed.</param>
internal sealed record PlanSiteDocument(
    string Name,
    WeightSlotKind Kind,
    int? Layer,
    long Rows,
    long Columns,
    long Bytes,
    double PredictedError,
    IReadOnlyList<PlanOfferDocument> Offers,
    double? PredictedLoss = null);
