using System.Numerics;
using Hypercompress.NumberFormats.Blocks.Books;
using Hypercompress.NumberFormats.Blocks.Grids;

namespace Hypercompress.NumberFormats.Blocks.Search;

/// <summary>Decides the levels of a part for a given step and base, for several rows at once.</summary>
internal abstract class PartRounding
{
    /// <summary>Decides all elements, the errors of each fed back to those that come after it.</summary>
    /// <param name="step">The step.</param>
    /// <param name="low">The base.</param>
    /// <param name="wanted">Targets with all errors but those inside the part.</param>
    /// <param name="feedback">How errors inside the part interact.</param>
    /// <param name="levels">Receives the levels.</param>
    /// <param name="values">Receives the values.</param>
    /// <returns>Weighted squared errors.</returns>
    public abstract Vector<float> Decide(
        Vector<float> step,
        Vector<float> low,
        ReadOnlySpan<Vector<float>> wanted,
        PartFeedback feedback,
        Span<Vector<float>> levels,
        Span<Vector<float>> values);

    /// <summary>The rounding that suits a grid.</summary>
    /// <param name="grid">The grid.</param>
    public static PartRounding Of(BlockGrid grid) => grid.Books switch
    {
        [] => new LevelRounding(grid),
        [CodeBook book] => new BookRounding(book),
        _ => new AlternativeRounding([.. grid.Books.Select(book => new BookRounding(book))]),
    };
}
