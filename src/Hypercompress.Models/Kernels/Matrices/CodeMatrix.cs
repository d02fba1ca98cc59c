using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypercompress.Models.Kernels.Floats;
using Hypercompress.Models.Kernels.Panels;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>
/// Codes with scales: the value at (i, j) is (code − zero) · scale, plus a minimum where groups have one, times a
/// factor of the row and one of the column.
/// </summary>
/// <typeparam name="TCodes">The layout of codes.</typeparam>
/// <typeparam name="TScales">The kind of scales.</typeparam>
internal sealed unsafe class CodeMatrix<TCodes, TScales> : PanelMatrix
    where TCodes : struct, ICodes
    where TScales : struct, IScales
{
    private readonly IPanelKernel _kernel = PanelKernels.Find<TCodes, TScales>(InstructionSets.Chosen);
    private readonly IPanelKernel _unpackedKernel =
        PanelKernels.Find<UnpackedCodes<TCodes>, TScales>(InstructionSets.Chosen);

    private readonly IPanelKernel _mergedKernel =
        PanelKernels.Find<SevenBitCodes, TScales>(InstructionSets.Chosen);

    private readonly AlignedMemory _codes;
    private readonly AlignedMemory _groups;
    private readonly int _zero;
    private readonly int _groupShift;
    private readonly int _groupsPerRow;

    /// <summary>A matrix whose codes are all <paramref name="zero"/>, to be filled.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="zero">The code of zero.</param>
    /// <param name="groupShift">A group of columns has 32 times 2 to this power; 0 where groups have 16.</param>
    /// <param name="rowFactors">A factor a row; null for 1.</param>
    /// <param name="columnFactors">A factor a column; null for 1.</param>
    public CodeMatrix(
        int rows, int columns, int zero, int groupShift = 0,
        ReadOnlySpan<float> rowFactors = default, ReadOnlySpan<float> columnFactors = default)
        : base(rows, columns, rowFactors, columnFactors)
    {
        (_zero, _groupShift) = (zero, groupShift);
        _groupsPerRow = TScales.HalvesBlocks
            ? 2 * Shape.Blocks
            : (Shape.Blocks + (1 << groupShift) - 1) >> groupShift;
        _codes = new AlignedMemory((long)Shape.Panels * Shape.Blocks * TCodes.BlockBytes);
        _groups = AlignedMemory.Of<ushort>((long)Shape.Panels * GroupNumbers);
    }

    /// <inheritdoc/>
    public override long ByteCount => base.ByteCount + _codes.ByteCount + _groups.ByteCount;

    /// <inheritdoc/>
    /// <remarks>
    /// Groups keep what rounding leaves over: their columns have no factors, which are small where inputs are large, so
    /// that their inputs have outliers.
    /// </remarks>
    public override InputPrecision MostPrecision =>
        typeof(TScales) == typeof(RowScales) && TCodes.Largest <= SevenBitCodes.Largest
            ? InputPrecision.Byte
            : InputPrecision.Word;

    private int GroupNumbers => _groupsPerRow * TScales.NumbersPerRow * PanelShape.Rows;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void PutRow(int row, ReadOnlySpan<byte> codes)
    {
        byte* block = _codes.As<byte>()
            + ((long)(row / PanelShape.Rows) * Shape.Blocks * TCodes.BlockBytes);
        int lane = row % PanelShape.Rows;
        for (int first = 0; first < codes.Length; first += PanelShape.Columns, block += TCodes.BlockBytes)
        {
            ReadOnlySpan<byte> part = codes.Slice(first, int.Min(PanelShape.Columns, codes.Length - first));
            if (part.Length == PanelShape.Columns)
            {
                fixed (byte* all = part)
                {
                    TCodes.PutRow(block, lane, all);
                }

                continue;
            }

            for (int column = 0; column < part.Length; column++)
            {
                TCodes.Put(block, lane, column, part[column]);
            }
        }
    }

    /// <summary>Puts a number of a group.</summary>
    /// <param name="row">0-based row.</param>
    /// <param name="group">0-based group.</param>
    /// <param name="number">0 for the scale, 1 for the minimum.</param>
    /// <param name="bits">The half-precision number.</param>
    public void PutGroup(int row, int group, int number, ushort bits)
    {
        ushort* panel = _groups.As<ushort>() + ((long)(row / PanelShape.Rows) * GroupNumbers);
        panel[(((group * TScales.NumbersPerRow) + number) * PanelShape.Rows) + (row % PanelShape.Rows)] = bits;
    }

    /// <inheritdoc/>
    public override void ReadRow(int row, Span<float> values)
    {
        Panel panel = PanelAt(row / PanelShape.Rows);
        int lane = row % PanelShape.Rows;
        for (int column = 0; column < Columns; column++)
        {
            byte* block = panel.Codes + ((long)(column / PanelShape.Columns) * TCodes.BlockBytes);
            values[column] = TCodes.Get(block, lane, column % PanelShape.Columns) - _zero;
        }

        float* factors = ColumnFactors;
        float rowFactor = RowFactor(row);
        for (int column = 0; column < Columns; column++)
        {
            values[column] = Scaled(values[column], panel.Groups, lane, column) * rowFactor
                * (factors is null ? 1 : factors[column]);
        }

        Corrections?.AddTo(row, values, rowFactor, factors);
    }

    /// <inheritdoc/>
    protected override bool UnpacksFor(in LeafInput input) =>
        IsMany(input) && TCodes.BlockBytes < ByteCodes.BlockBytes;

    /// <inheritdoc/>
    protected override PreparedPanel Prepare(int panel, in LeafInput input, byte* unpacked, byte* walk)
    {
        Panel packed = PanelAt(panel);
        if (!UnpacksFor(input))
        {
            return new PreparedPanel(_kernel, packed, Corrections);
        }

        if (MergesCorrections(panel, input))
        {
            UnpackedCodes<TCodes>.Unpack(packed.Codes, packed.Blocks, (byte)(SevenBitCodes.Zero - _zero), unpacked);
            return Merged(_mergedKernel, panel, packed.With(unpacked, SevenBitCodes.Zero));
        }

        UnpackedCodes<TCodes>.Unpack(packed.Codes, packed.Blocks, 0, unpacked);
        return new PreparedPanel(_unpackedKernel, packed.With(unpacked, _zero), Corrections);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _codes.Dispose();
        _groups.Dispose();
    }

    private Panel PanelAt(int panel) => new(
        _codes.As<byte>() + ((long)panel * Shape.Blocks * TCodes.BlockBytes),
        _groups.As<ushort>() + ((long)panel * GroupNumbers),
        Shape.Blocks,
        _groupShift,
        _zero);

    private float Scaled(float code, ushort* groups, int lane, int column)
    {
        if (TScales.NumbersPerRow == 0)
        {
            return code;
        }

        int group = TScales.HalvesBlocks
            ? column / (PanelShape.Columns / 2)
            : (column / PanelShape.Columns) >> _groupShift;
        ushort* numbers = groups + (group * TScales.NumbersPerRow * PanelShape.Rows) + lane;
        float minimum = TScales.NumbersPerRow > 1 ? HalfBits.Widen(numbers[PanelShape.Rows]) : 0;
        return (code * HalfBits.Widen(*numbers)) + minimum;
    }
}
