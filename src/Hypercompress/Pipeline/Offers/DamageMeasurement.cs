using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Pipeline.Offers;

/// <summary>The measurements of models damaged to one level.</summary>
/// <param name="Offers">The damage at each site; null for none.</param>
/// <param name="Divergences">
/// Mean KL of the model with only that site damaged, nats per token; 0 where it was not measured.
/// </param>
/// <param name="Excess">Loss above the teacher's with all sites damaged, nats per token.</param>
/// <param name="StandardError">Standard error of <paramref name="Excess"/>.</param>
internal sealed record DamageMeasurement(
    ImmutableArray<Offer?> Offers, ImmutableArray<double> Divergences, double Excess, double StandardError)
{
    /// <summary>Error and measured loss of a site.</summary>
    /// <param name="site">Index of the site.</param>
    /// <returns>Both 0 where there was nothing to measure.</returns>
    public LossPoint At(int site) => new(Offers[site]?.PredictedError ?? 0, Divergences[site]);

    /// <summary>Standard error of the excess as a share of it.</summary>
    public double RelativeError => Excess > 0 ? StandardError / Excess : 1;
}
