using System.Collections.Immutable;
using Hypercompress.Forms;
using Hypercompress.Merging;

namespace Hypercompress.Surgery;

/// <summary>The result of structural factorization.</summary>
/// <param name="Sites">In the order of the decoder.</param>
internal sealed record StructuralReport(ImmutableArray<StructuralSite> Sites)
{
    /// <summary>Parameters of all matrices while they were dense.</summary>
    public long DenseParameters => Sites.Sum(site => site.DenseParameters);

    /// <summary>Parameters of all matrices that are stored now.</summary>
    public long StoredParameters => Sites.Sum(site => site.StoredParameters);

    /// <summary>Dense / stored parameters.</summary>
    public double Ratio => (double)DenseParameters / StoredParameters;

    /// <summary>Sum of the measured errors, nats per token.</summary>
    public double Error => Sites.Sum(site => site.Error);

    /// <summary>Reports on a blueprint.</summary>
    /// <param name="blueprint">The blueprint.</param>
    /// <returns>The report; it keeps nothing of the blueprint's matrices.</returns>
    public static StructuralReport Of(Blueprint blueprint)
    {
        ArgumentNullException.ThrowIfNull(blueprint);
        return new StructuralReport(
        [
            .. blueprint.Sites.Select(site => new StructuralSite(
                site.Site, KindOf(site.Matrix.Describe()), site.Matrix.StoredParameters, site.Error)),
        ]);
    }

    private static string KindOf(FormDescription form) =>
        form.Parts.IsDefaultOrEmpty ? form.Kind : string.Join('+', form.Parts.Select(KindOf));
}
