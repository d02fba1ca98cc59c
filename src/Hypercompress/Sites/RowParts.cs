using static TorchSharp.torch;

namespace Hypercompress.Sites;

/// <summary>
/// Cuts the rows of a matrix into parts, so that what is computed from a large one row by row takes no more memory than
/// from a small one.
/// </summary>
internal static class RowParts
{
    // 16 MB of float32.
    private const long PartValues = 1 << 22;

    /// <summary>Cuts.</summary>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="columns">Its columns.</param>
    /// <returns>First row and number of rows of each part, in order.</returns>
    internal static IEnumerable<(long First, long Count)> Of(long rows, long columns) =>
        OfSize(rows, long.Max(1, PartValues / long.Max(1, columns)));

    /// <summary>Cuts into parts of a number of rows.</summary>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="most">Rows of every part but the last, which may have fewer.</param>
    /// <returns>As <see cref="Of"/>.</returns>
    internal static IEnumerable<(long First, long Count)> OfSize(long rows, long most)
    {
        for (long first = 0; first < rows; first += most)
        {
            yield return (first, long.Min(most, rows - first));
        }
    }

    /// <summary>Computes one number for each row.</summary>
    /// <param name="rows">Rows of the matrix, 1 or more.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="compute">
    /// Gets first row and number of rows of a part, and returns a number for each: [count].
    /// </param>
    /// <returns>[rows], in the caller's scope.</returns>
    internal static Tensor PerRow(long rows, long columns, Func<long, long, Tensor> compute)
    {
        using var scope = NewDisposeScope();
        var numbers = new List<Tensor>();
        foreach ((long first, long count) in Of(rows, columns))
        {
            using var part = NewDisposeScope();
            numbers.Add(compute(first, count).MoveToOuterDisposeScope());
        }

        return cat(numbers, 0).MoveToOuterDisposeScope();
    }

    /// <summary>Σ_j T_ij² of each row.</summary>
    /// <param name="matrix">T, float32 [rows, columns].</param>
    /// <returns>float64 [rows], in the caller's scope.</returns>
    internal static Tensor Squares(Tensor matrix) => PerRow(
        matrix.shape[0],
        matrix.shape[1],
        (first, count) => matrix.narrow(0, first, count).square().sum(1, type: ScalarType.Float64));
}
