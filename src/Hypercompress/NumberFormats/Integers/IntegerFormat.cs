using System.Globalization;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.Integers;

/// <summary>
/// Integer codes in groups along a row, each with a float16 scale: <c>int8-g64</c> is symmetric, x = scale · q with q
/// in [−(2^(b−1)−1), 2^(b−1)−1]; <c>uint4-g64</c> is affine, x = scale · q + minimum with a float16 minimum beside the
/// scale. A group never crosses a row, the last group of a row may be shorter; each row of codes is padded to whole
/// bytes.
/// </summary>
internal sealed record IntegerFormat : ValueFormat
{
    private const int FewestBits = 2, MostBits = 8;
    private const int ScaleBytes = 2;

    /// <summary>Describes a format.</summary>
    /// <param name="bits">Bits of a code, 2 to 8.</param>
    /// <param name="groupSize">Values that share a scale, 1 or more.</param>
    /// <param name="isAffine">Whether a group has a minimum beside its scale.</param>
    /// <exception cref="ArgumentOutOfRangeException">Bits or group size are out of range.</exception>
    public IntegerFormat(int bits, int groupSize, bool isAffine)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, FewestBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MostBits);
        ArgumentOutOfRangeException.ThrowIfLessThan(groupSize, 1);
        (Bits, GroupSize, IsAffine) = (bits, groupSize, isAffine);
    }

    /// <summary>Bits of a code, 2 to 8.</summary>
    public int Bits { get; }

    /// <inheritdoc/>
    public override int GroupSize { get; }

    /// <summary>Whether a group has a minimum beside its scale.</summary>
    public bool IsAffine { get; }

    /// <inheritdoc/>
    public override string Name =>
        string.Create(CultureInfo.InvariantCulture, $"{(IsAffine ? "uint" : "int")}{Bits}-g{GroupSize}");

    /// <inheritdoc/>
    public override bool IsCoarse => true;

    /// <summary>The layout of the codes.</summary>
    public CodeLayout Layout => new(Bits, GroupSize, IsAffine);

    /// <summary>The smallest code as it is stored, without sign.</summary>
    internal int LeastCode => IsAffine ? 0 : Offset - Levels;

    /// <summary>The largest code as it is stored, without sign.</summary>
    internal int MostCode => IsAffine ? Levels : Offset + Levels;

    /// <summary>The stored code of zero in a symmetric format.</summary>
    internal int Offset => 1 << (Bits - 1);

    /// <summary>Steps from zero, or from the minimum, to the largest value of a group.</summary>
    internal int Levels => (1 << (IsAffine ? Bits : Bits - 1)) - 1;

    /// <summary>Largest magnitude that the format can write.</summary>
    internal double Largest => BlockParameter.Largest(ScalarType.Float16) * (IsAffine ? 1 : Levels);

    /// <summary>Reads a name.</summary>
    /// <param name="name">Any text.</param>
    /// <returns>The format, or null where the text is not the name of one.</returns>
    public static IntegerFormat? TryParse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        bool affine = name.StartsWith('u');
        string[] parts = name[(affine ? 1 : 0)..].Split("-g");
        return parts.Length == 2 && parts[0].StartsWith("int", StringComparison.Ordinal)
            && int.TryParse(parts[0].AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out int bits)
            && bits is >= FewestBits and <= MostBits
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int group) && group > 0
            ? new IntegerFormat(bits, group, affine)
            : null;
    }

    /// <inheritdoc/>
    public override long StoredBytes(long rows, long columns)
    {
        long perGroup = IsAffine ? 2 * ScaleBytes : ScaleBytes;
        return rows * (BitPacking.RowBytes(columns, Bits) + (Groups(columns) * perGroup));
    }

    /// <summary>The scales and minimums that encoding would choose, for solvers that choose codes themselves.</summary>
    /// <param name="values">Floating point [rows, columns], not empty; stays the caller's.</param>
    /// <param name="columnWeights">As in <see cref="ValueFormat.Encode"/>.</param>
    /// <returns>
    /// float32 [rows, groups], rounded to float16; minimums of an affine format. In the caller's scope.
    /// </returns>
    /// <exception cref="NumericalException">A value is NaN, infinite, or too large for the format.</exception>
    internal (Tensor Scales, Tensor? Minimums) Ranges(Tensor values, Tensor? columnWeights)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (_, scales, minimums) = GroupQuantizer.Encode(RequireEncodable(values.detach()), this, columnWeights);
        return (scales.MoveToOuterDisposeScope(), minimums?.MoveToOuterDisposeScope());
    }

    /// <summary>Groups of a row.</summary>
    internal long Groups(long columns) => (columns + GroupSize - 1) / GroupSize;

    /// <inheritdoc/>
    protected override StoredValues CreateEmpty(long rows, long columns) => new IntegerValues(
        this,
        zeros(rows, columns, dtype: ScalarType.Byte),
        zeros(rows, Groups(columns)),
        IsAffine ? zeros(rows, Groups(columns)) : null);

    /// <inheritdoc/>
    protected override StoredValues EncodeBlock(Tensor values, Tensor? columnWeights)
    {
        var (codes, scales, minimums) = GroupQuantizer.Encode(RequireEncodable(values), this, columnWeights);
        return new IntegerValues(this, codes, scales, minimums);
    }

    /// <inheritdoc/>
    protected override StoredValues ReadBlock(BlockReader reader, string prefix, long rows, long columns)
    {
        Tensor packed = reader.Read(
            $"{prefix}.codes", ScalarType.Byte, [rows, BitPacking.RowBytes(columns, Bits)]);
        Tensor scales = reader.ReadFinite($"{prefix}.scales", ScalarType.Float16, [rows, Groups(columns)]);
        Tensor? minimums = IsAffine
            ? reader.ReadFinite($"{prefix}.minimums", ScalarType.Float16, [rows, Groups(columns)])
            : null;
        return new IntegerValues(this, BitPacking.Unpack(packed, columns, Bits), scales, minimums);
    }

    private Tensor RequireEncodable(Tensor values)
    {
        Tensor single = values.to(ScalarType.Float32);
        BlockParameter.RequireWithin(single, Largest, $"values stored as {Name}");
        return single;
    }
}
