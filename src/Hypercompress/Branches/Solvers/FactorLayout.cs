using System.Collections.Immutable;
using Hypercompress.Forms;
using Hypercompress.NumberFormats;
using Hypercompress.Sites;

namespace Hypercompress.Branches.Solvers;

/// <summary>
/// Decides how the product of two factors is stored: as the factors, or as pivot rows and coefficients where these take
/// fewer bytes. Coarse formats keep two factors, of which one compensates for the rounding of the other.
/// </summary>
/// <param name="pivots">Whether pivot rows are allowed at all.</param>
internal sealed class FactorLayout(bool pivots)
{
    // With many times more rows than columns, pivot rows save next to nothing and take long to find.
    private const int MostRowsPerColumn = 8;

    /// <summary>Whether the product of some rank is stored as pivot rows.</summary>
    /// <param name="site">The site.</param>
    /// <param name="rank">Width of the latent.</param>
    /// <param name="format">Format of all values.</param>
    internal bool IsPivotRows(Site site, int rank, ValueFormat format) => MayPivot(site, format)
        && PivotBytes(site, rank, format) < FactorBytes(site, rank, format);

    /// <summary>Exact bytes of the product.</summary>
    /// <inheritdoc cref="IsPivotRows"/>
    internal long Bytes(Site site, int rank, ValueFormat format) => IsPivotRows(site, rank, format)
        ? PivotBytes(site, rank, format)
        : FactorBytes(site, rank, format);

    /// <summary>The setting of an offer of the product.</summary>
    /// <inheritdoc cref="IsPivotRows"/>
    internal ImmutableSortedDictionary<string, string> Setting(Site site, int rank, ValueFormat format) =>
        IsPivotRows(site, rank, format) ? OfferSetting.OfPivots(format, rank) : OfferSetting.Of(format, rank);

    /// <summary>The highest rank at which values may be saved.</summary>
    /// <param name="site">The site that stores the latent.</param>
    /// <param name="rows">Rows of all sites that use the latent.</param>
    /// <param name="format">Format of all values.</param>
    internal int BreakEven(Site site, long rows, ValueFormat format) => MayPivot(site, format)
        ? (int)long.Min(site.Rows, site.Columns) - 1
        : RankLadder.BreakEven(rows, site.Columns);

    private static long FactorBytes(Site site, int rank, ValueFormat format) =>
        LowRankForm.Bytes(site.Rows, site.Columns, rank, format, format);

    private static long PivotBytes(Site site, int rank, ValueFormat format) =>
        PivotRowForm.Bytes(site.Rows, site.Columns, rank, format);

    private bool MayPivot(Site site, ValueFormat format) =>
        pivots && !format.IsCoarse && site.Rows <= MostRowsPerColumn * site.Columns;
}
