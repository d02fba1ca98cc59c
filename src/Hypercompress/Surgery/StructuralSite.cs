using Hypercompress.Sites;

namespace Hypercompress.Surgery;

/// <summary>The form of a site after surgery.</summary>
/// <param name="Site">The site.</param>
/// <param name="Form">Kind of form: <c>dense</c>, <c>low-rank</c>, …; the kinds of a sum joined by <c>+</c>.</param>
/// <param name="StoredParameters">Parameters that are stored now.</param>
/// <param name="Error">Measured J in nats per token.</param>
internal sealed record StructuralSite(Site Site, string Form, long StoredParameters, double Error)
{
    /// <summary>Parameters of the dense matrix: in · out.</summary>
    public long DenseParameters => Site.ElementCount;

    /// <summary>
    /// Dense / stored parameters: in·out / (in·r + r·out) for factors; infinity when nothing is stored.
    /// </summary>
    public double Ratio => (double)DenseParameters / StoredParameters;
}
