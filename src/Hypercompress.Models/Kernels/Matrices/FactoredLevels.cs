using System.Collections.Immutable;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>
/// A matrix of whole numbers that are decoded already: the value at (i, j) is level · row factor i · column factor j.
/// </summary>
/// <param name="Levels">Row after row: that of (i, j) at i · columns + j.</param>
/// <param name="RowFactors">A factor a row.</param>
/// <param name="ColumnFactors">A factor a column.</param>
public sealed record FactoredLevels(
    ReadOnlyMemory<short> Levels, ImmutableArray<float> RowFactors, ImmutableArray<float> ColumnFactors) : ILevelStream
{
    /// <summary>Number of rows.</summary>
    public int Rows => RowFactors.Length;

    /// <summary>Number of columns.</summary>
    public int Columns => ColumnFactors.Length;

    /// <inheritdoc/>
    public int BlockRows => Rows;

    /// <inheritdoc/>
    public long ByteCount => Levels.Length * sizeof(short);

    /// <inheritdoc/>
    public void Decode(int block, Span<short> levels) => Levels.Span.CopyTo(levels);

    /// <summary>The same numbers with rows and columns exchanged.</summary>
    /// <returns>A grid of its own.</returns>
    public FactoredLevels Transpose()
    {
        var turned = new short[Levels.Length];
        ReadOnlySpan<short> levels = Levels.Span;
        for (int column = 0; column < Columns; column++)
        {
            for (int row = 0; row < Rows; row++)
            {
                turned[((long)column * Rows) + row] = levels[(row * Columns) + column];
            }
        }

        return new FactoredLevels(turned, ColumnFactors, RowFactors);
    }
}
