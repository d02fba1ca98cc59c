using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hypercompress.Models.Kernels.Panels;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>
/// Levels that stay coded: each block of rows is decoded when it is multiplied, into memory that the processor's caches
/// hold. A piece of work is a block.
/// </summary>
internal sealed unsafe class StreamMatrix : LeafMatrix
{
    // From here on levels are packed for the time of a product.
    private const int ManyInputs = 8;

    private readonly ILevelStream _stream;
    private readonly LevelBlocks _blocks;
    private readonly ImmutableArray<float> _rowFactors;
    private readonly ImmutableArray<float> _columnNumbers;
    private readonly AlignedMemory _columnFactors;

    /// <summary>Takes a stream.</summary>
    /// <param name="stream">The matrix.</param>
    public StreamMatrix(ILevelStream stream)
        : base(stream.RowFactors.Length, stream.ColumnFactors.Length)
    {
        _stream = stream;
        _blocks = new LevelBlocks(stream);
        (_rowFactors, _columnNumbers) = (stream.RowFactors, stream.ColumnFactors);
        _columnFactors = AlignedMemory.Of<float>(Columns);
        _columnNumbers.CopyTo(new Span<float>(_columnFactors.As<float>(), Columns));
    }

    /// <inheritdoc/>
    public override long ByteCount => _stream.ByteCount;

    /// <inheritdoc/>
    public override bool TakesCodes => true;

    /// <inheritdoc/>
    public override float* ColumnFactors => _columnFactors.As<float>();

    /// <inheritdoc/>
    public override int Units => _blocks.Count;

    /// <inheritdoc/>
    public override void ReadRow(int row, Span<float> values)
    {
        float[] read = ArrayPool<float>.Shared.Rent(Columns);
        _blocks.One(row / _stream.BlockRows, (firstRow, levels) =>
        {
            ReadOnlySpan<short> ofRow = levels.Slice((row - firstRow) * Columns, Columns);
            for (int column = 0; column < Columns; column++)
            {
                read[column] = ofRow[column] * _rowFactors[row] * _columnNumbers[column];
            }
        });
        read.AsSpan(0, Columns).CopyTo(values);
        ArrayPool<float>.Shared.Return(read);
    }

    /// <inheritdoc/>
    public override void MultiplyUnits(in LeafInput input, int first, int end, float* y, int stride)
    {
        LeafInput copy = input;
        for (int block = first; block < end; block++)
        {
            _blocks.One(block, (firstRow, levels) =>
            {
                if (copy.Count >= ManyInputs && !copy.IsRepeatable)
                {
                    MultiplyPacked(copy, firstRow, levels, y + firstRow, stride);
                }
                else
                {
                    Multiply(copy, firstRow, levels, y + firstRow, stride);
                }
            });
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _blocks.Dispose();
        _columnFactors.Dispose();
    }

    private void MultiplyPacked(in LeafInput input, int firstRow, ReadOnlySpan<short> levels, float* y, int stride)
    {
        int rows = levels.Length / Columns;
        var block = new FactoredLevels(
            levels.ToArray(), _rowFactors.Slice(firstRow, rows), _columnNumbers);
        using PackedMatrix packed = LevelPacking.Pack(block, asSteps: false);
        if (packed is LeafMatrix leaf)
        {
            leaf.MultiplyUnits(input, 0, leaf.Units, y, stride);
        }
        else
        {
            Multiply(input, firstRow, levels, y, stride);
        }
    }

    private void Multiply(in LeafInput input, int firstRow, ReadOnlySpan<short> levels, float* y, int stride)
    {
        int blocks = (Columns + PanelShape.Columns - 1) / PanelShape.Columns;
        using var numbers = AlignedMemory.Of<short>(2L * blocks * PanelShape.Columns);
        short* codes = numbers.As<short>();
        short* rests = codes + (blocks * PanelShape.Columns);
        for (int index = 0; index < input.Count; index++)
        {
            Widen(input.Codes!.Codes(index), codes, blocks);
            if (input.Codes!.HasRests)
            {
                Widen(input.Codes.Codes(input.Count + index), rests, blocks);
            }

            float* scales = input.Codes.Scales(index);
            float* restScales = input.Codes.HasRests ? input.Codes.Scales(input.Count + index) : null;
            float* target = y + ((long)index * stride);
            fixed (short* start = levels)
            {
                for (int row = 0; row < levels.Length / Columns; row++)
                {
                    short* ofRow = start + ((long)row * Columns);
                    float total = Product(ofRow, codes, scales, blocks);
                    total += restScales is null ? 0 : Product(ofRow, rests, restScales, blocks);
                    target[row] = total * _rowFactors[firstRow + row];
                }
            }
        }
    }

    private static void Widen(sbyte* codes, short* numbers, int blocks)
    {
        for (int i = 0; i < blocks * PanelShape.Columns; i += Vector128<sbyte>.Count)
        {
            Vector128<sbyte> some = Vector128.Load(codes + i);
            Vector256.Create(Vector128.WidenLower(some), Vector128.WidenUpper(some)).Store(numbers + i);
        }
    }

    // Past the last column inputs are zero, whatever levels stand there.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Product(short* levels, short* numbers, float* scales, int blocks)
    {
        Vector256<float> total = Vector256<float>.Zero;
        for (int block = 0; block < blocks; block++)
        {
            Vector256<int> sum = Pairs(Vector256.Load(levels), Vector256.Load(numbers))
                + Pairs(
                    Vector256.Load(levels + Vector256<short>.Count), Vector256.Load(numbers + Vector256<short>.Count));
            total = Vector256.FusedMultiplyAdd(
                Vector256.ConvertToSingle(sum), Vector256.Create(scales[block]), total);
            levels += PanelShape.Columns;
            numbers += PanelShape.Columns;
        }

        return Vector256.Sum(total);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Pairs(Vector256<short> a, Vector256<short> b) => Avx2.IsSupported
        ? Avx2.MultiplyAddAdjacent(a, b)
        : (Vector256.WidenLower(a) * Vector256.WidenLower(b)) + (Vector256.WidenUpper(a) * Vector256.WidenUpper(b));
}
