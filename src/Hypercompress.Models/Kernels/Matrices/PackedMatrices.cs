using System.Collections.Immutable;
using Hypercompress.Models.Kernels.Floats;
using Hypercompress.Models.Kernels.Panels;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>Makes packed matrices.</summary>
public static class PackedMatrices
{
    private const int SmallGroup = 16;

    /// <summary>Packs whole numbers with factors of rows and columns; none is ever a float.</summary>
    /// <param name="stream">The numbers, of which one block a thread is decoded at a time.</param>
    /// <returns>A matrix that the caller disposes.</returns>
    public static PackedMatrix FromLevels(ILevelStream stream) => LevelPacking.Pack(stream, asSteps: false);

    /// <summary>
    /// Holds whole numbers in little memory: those of a trellis as its steps, in the fewest bytes; others stay coded
    /// and are decoded whenever they are multiplied.
    /// </summary>
    /// <param name="stream">The numbers.</param>
    /// <returns>A matrix that the caller disposes.</returns>
    public static PackedMatrix FromStream(ILevelStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.FollowsTrellis
            ? LevelPacking.Pack(stream, asSteps: true)
            : new StreamMatrix(stream);
    }

    /// <summary>Packs floating-point numbers as they are.</summary>
    /// <param name="kind">How they are stored.</param>
    /// <param name="rows">Rows, at least 1.</param>
    /// <param name="columns">Columns, at least 1.</param>
    /// <param name="read">Writes the bytes of some rows: the first row, and where to.</param>
    /// <returns>A matrix that the caller disposes.</returns>
    public static PackedMatrix FromFloats(FloatKind kind, int rows, int columns, RowReader read) => kind switch
    {
        FloatKind.Half => Fill(new FloatMatrix<HalfFloats>(rows, columns), read),
        FloatKind.Brain => Fill(new FloatMatrix<BrainFloats>(rows, columns), read),
        _ => Fill(new FloatMatrix<SingleFloats>(rows, columns), read),
    };

    /// <summary>Packs single-precision numbers, in 16 bits where these hold them.</summary>
    /// <param name="rows">Rows, at least 1.</param>
    /// <param name="columns">Columns, at least 1.</param>
    /// <param name="read">Writes the bytes of a row, float32; asked for every row twice.</param>
    /// <param name="rounds">
    /// Whether numbers that neither bfloat16 nor half precision hold exactly are rounded to half precision; otherwise
    /// they stay float32. Numbers beyond half precision always stay float32.
    /// </param>
    /// <returns>A matrix that the caller disposes.</returns>
    public static PackedMatrix FromSingles(int rows, int columns, RowReader read, bool rounds)
    {
        FloatKind kind = SingleNarrowing.Choose(rows, columns, read, rounds);
        return FromFloats(kind, rows, columns, SingleNarrowing.Write(kind, columns, read));
    }

    /// <summary>Packs integer codes with a scale, and perhaps a minimum, for every group of a row's columns.</summary>
    /// <param name="codes">The codes and their groups.</param>
    /// <returns>A matrix that the caller disposes; null when groups of this size are not multiplied.</returns>
    public static PackedMatrix? FromGroups(GroupedCodes codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        bool isSmall = codes.GroupSize == SmallGroup;
        int shift = int.Log2(int.Max(codes.GroupSize / PanelShape.Columns, 1));
        bool isWhole = codes.GroupSize == PanelShape.Columns << shift || codes.GroupSize >= codes.Columns;
        if ((!isWhole && !isSmall) || (isSmall && codes.HasMinimums))
        {
            return null;
        }

        shift = codes.GroupSize >= codes.Columns ? int.Log2(int.Max(codes.Columns, 1)) + 1 : shift;
        return codes.Largest switch
        {
            <= 15 => Fill<NibbleCodes>(codes, shift),
            <= 31 => Fill<FiveBitCodes>(codes, shift),
            <= 63 => Fill<SixBitCodes>(codes, shift),
            _ => Fill<ByteCodes>(codes, shift),
        };
    }

    /// <summary>Joins matrices of equally many columns, the rows of one above those of the next.</summary>
    /// <param name="parts">At least one; owned by the result.</param>
    /// <returns>A matrix that the caller disposes.</returns>
    public static PackedMatrix Stack(ImmutableArray<PackedMatrix> parts) =>
        parts.Length == 1 ? parts[0] : new StackedMatrix(parts);

    /// <summary>Adds matrices of one shape.</summary>
    /// <param name="parts">At least one; owned by the result.</param>
    /// <returns>A matrix that the caller disposes.</returns>
    public static PackedMatrix Sum(ImmutableArray<PackedMatrix> parts) =>
        parts.Length == 1 ? parts[0] : new SumMatrix(parts);

    /// <summary>The product of two matrices, which stay two.</summary>
    /// <param name="second">[rows, rank]; owned by the result.</param>
    /// <param name="first">[rank, columns].</param>
    /// <param name="ownsFirst">Whether <paramref name="first"/> is owned by the result too.</param>
    /// <returns>A matrix that the caller disposes.</returns>
    public static PackedMatrix Product(PackedMatrix second, PackedMatrix first, bool ownsFirst = true) =>
        new ProductMatrix(second, first, ownsFirst);

    private static FloatMatrix<TFloats> Fill<TFloats>(FloatMatrix<TFloats> matrix, RowReader read)
        where TFloats : struct, IFloats
    {
        for (int row = 0; row < matrix.Rows; row++)
        {
            read(row, matrix.Bytes(row, 1));
        }

        return matrix;
    }

    private static PackedMatrix Fill<TCodes>(GroupedCodes codes, int shift)
        where TCodes : struct, ICodes => codes.GroupSize == SmallGroup ? Fill<TCodes, SmallGroupScales>(codes, shift)
        : codes.HasMinimums ? Fill<TCodes, AffineGroupScales>(codes, shift)
        : Fill<TCodes, GroupScales>(codes, shift);

    private static CodeMatrix<TCodes, TScales> Fill<TCodes, TScales>(GroupedCodes codes, int shift)
        where TCodes : struct, ICodes
        where TScales : struct, IScales
    {
        var matrix = new CodeMatrix<TCodes, TScales>(codes.Rows, codes.Columns, codes.Zero, shift);
        var row = new byte[codes.Columns];
        var scales = new ushort[codes.Groups];
        var minimums = new ushort[codes.HasMinimums ? codes.Groups : 0];
        for (int r = 0; r < codes.Rows; r++)
        {
            codes.Read(r, row, scales, minimums);
            matrix.PutRow(r, row);
            for (int group = 0; group < scales.Length; group++)
            {
                matrix.PutGroup(r, group, 0, scales[group]);
                if (minimums.Length > 0)
                {
                    matrix.PutGroup(r, group, 1, minimums[group]);
                }
            }
        }

        return matrix;
    }
}
