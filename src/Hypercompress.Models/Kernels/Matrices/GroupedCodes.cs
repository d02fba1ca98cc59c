namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>
/// Integer codes with a half-precision scale, and perhaps a minimum, for every group of neighbours in a row: the value
/// is (code − zero) · scale + minimum.
/// </summary>
/// <param name="Rows">Rows, at least 1.</param>
/// <param name="Columns">Columns, at least 1.</param>
/// <param name="GroupSize">Columns of a group; the last one of a row may have fewer.</param>
/// <param name="Largest">The largest code, at most 255.</param>
/// <param name="Zero">The code of zero.</param>
/// <param name="HasMinimums">Whether groups have minimums.</param>
/// <param name="Read">Writes a row.</param>
public sealed record GroupedCodes(
    int Rows, int Columns, int GroupSize, int Largest, int Zero, bool HasMinimums, GroupReader Read)
{
    /// <summary>Groups of a row.</summary>
    public int Groups => (Columns + GroupSize - 1) / GroupSize;
}
