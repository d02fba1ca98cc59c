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
internal sealed unsafe partial class CodeMatrix<TCodes, TScales> : LeafMatrix
    where TCodes : struct, ICodes
    where TScales : struct, IScales
{
    private readonly PanelShape _shape;
    private readonly IPanelKernel _kernel = PanelKernels.Find<TCodes, TScales>(InstructionSets.Chosen);
    private readonly IPanelKernel _unpackedKernel =
        PanelKernels.Find<UnpackedCodes<TCodes>, TScales>(InstructionSets.Chosen);

    private readonly IPanelKernel _wholeKernel =
        PanelKernels.Find<SevenBitCodes, TScales>(InstructionSets.Chosen);

    private readonly AlignedMemory _codes;
    private readonly AlignedMemory _groups;
    private readonly AlignedMemory? _rowFactors;
    private readonly AlignedMemory? _columnFactors;
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
        : base(rows, columns)
    {
        (_shape, _zero, _groupShift) = (new PanelShape(rows, columns), zero, groupShift);
        _groupsPerRow = TScales.HalvesBlocks
            ? 2 * _shape.Blocks
            : (_shape.Blocks + (1 << groupShift) - 1) >> groupShift;
        _codes = new AlignedMemory((long)_shape.Panels * _shape.Blocks * TCodes.BlockBytes);
        _groups = AlignedMemory.Of<ushort>((long)_shape.Panels * GroupNumbers);
        (_rowFactors, _columnFactors) = (Copy(rowFactors), Copy(columnFactors));
    }

    /// <inheritdoc/>
    public override long ByteCount => _codes.ByteCount + _groups.ByteCount + (_rowFactors?.ByteCount ?? 0)
        + (Corrections?.ByteCount ?? 0);

    /// <summary>
    /// What codes lack where columns have factors; owned. Null for nothing. Set before the matrix is used.
    /// </summary>
    public Corrections? Corrections { get; set; }

    /// <inheritdoc/>
    public override bool TakesCodes => true;

    /// <inheritdoc/>
    public override float* ColumnFactors => _columnFactors is null ? null : _columnFactors.As<float>();

    private int GroupNumbers => _groupsPerRow * TScales.NumbersPerRow * PanelShape.Rows;

    /// <summary>Puts the codes of a row.</summary>
    /// <param name="row">0-based row, whose codes were not put before.</param>
    /// <param name="codes">As many as there are columns.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PutRow(int row, ReadOnlySpan<byte> codes)
    {
        byte* block = _codes.As<byte>()
            + ((long)(row / PanelShape.Rows) * _shape.Blocks * TCodes.BlockBytes);
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
        float rowFactor = _rowFactors is null ? 1 : _rowFactors.As<float>()[row];
        for (int column = 0; column < Columns; column++)
        {
            values[column] = Scaled(values[column], panel.Groups, lane, column) * rowFactor
                * (factors is null ? 1 : factors[column]);
        }

        Corrections?.AddTo(row, values, rowFactor, factors);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _codes.Dispose();
        _groups.Dispose();
        _rowFactors?.Dispose();
        _columnFactors?.Dispose();
        Corrections?.Dispose();
    }

    private static AlignedMemory? Copy(ReadOnlySpan<float> factors)
    {
        if (factors.IsEmpty)
        {
            return null;
        }

        var memory = AlignedMemory.Of<float>(factors.Length);
        factors.CopyTo(new Span<float>(memory.As<float>(), factors.Length));
        return memory;
    }

    private Panel PanelAt(int panel) => new(
        _codes.As<byte>() + ((long)panel * _shape.Blocks * TCodes.BlockBytes),
        _groups.As<ushort>() + ((long)panel * GroupNumbers),
        _shape.Blocks,
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
