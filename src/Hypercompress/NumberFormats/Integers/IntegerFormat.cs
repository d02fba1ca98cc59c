using System.Globalization;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.Integers;

/// <summary>
/// Integer codes in groups along a row, each with a float16 scale: <c>int8-g64</c> is symmetric, x = scale · q with q
/// in [−2^(b−1), 2^(b−1)−1], or from −127 on for 8 bits, whose products then fit kernels without a sign of their own;
/// the scale may be negative, so that the longer side serves the largest value. <c>uint4-g64</c> is affine, x = scale ·
/// q + minimum with a float16 minimum beside the scale. <c>uint4z-g64</c> has a zero point z in [0, 2^b−1] instead, a
/// whole number in the bits of a code: x = scale · (q − z). A group never crosses a row, the last group of a row may be
/// shorter; each row of codes is padded to whole bytes.
/// </summary>
internal sealed record IntegerFormat : ValueFormat
{
    private const int FewestBits = 2, MostBits = 8;
    private const int ScaleBytes = 2;
    private const string PointMark = "z";

    /// <summary>Describes a format.</summary>
    /// <param name="bits">Bits of a code, 2 to 8.</param>
    /// <param name="groupSize">Values that share a scale, 1 or more.</param>
    /// <param name="isAffine">Whether a group has a minimum beside its scale.</param>
    /// <param name="hasZeroPoints">Whether a group has a zero point beside its scale.</param>
    /// <exception cref="ArgumentOutOfRangeException">Bits or group size are out of range.</exception>
    /// <exception cref="ArgumentException">A group would have a minimum and a zero point.</exception>
    public IntegerFormat(int bits, int groupSize, bool isAffine = false, bool hasZeroPoints = false)
    {
        if (isAffine && hasZeroPoints)
        {
            throw new ArgumentException("a group has a minimum or a zero point", nameof(hasZeroPoints));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(bits, FewestBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MostBits);
        ArgumentOutOfRangeException.ThrowIfLessThan(groupSize, 1);
        (Bits, GroupSize, IsAffine, HasZeroPoints) = (bits, groupSize, isAffine, hasZeroPoints);
    }

    /// <summary>Bits of a code, 2 to 8.</summary>
    public int Bits { get; }

    /// <inheritdoc/>
    public override int GroupSize { get; }

    /// <summary>Whether a group has a minimum beside its scale.</summary>
    public bool IsAffine { get; }

    /// <summary>Whether a group has a zero point beside its scale.</summary>
    public bool HasZeroPoints { get; }

    /// <inheritdoc/>
    public override string Name => string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsSymmetric ? "int" : "uint")}{Bits}{(HasZeroPoints ? PointMark : string.Empty)}-g{GroupSize}");

    /// <inheritdoc/>
    public override bool IsCoarse => true;

    /// <summary>The layout of the codes; a zero point is a minimum, too.</summary>
    public CodeLayout Layout => new(Bits, GroupSize, !IsSymmetric);

    /// <summary>Whether codes have one zero for all groups.</summary>
    internal bool IsSymmetric => !IsAffine && !HasZeroPoints;

    /// <summary>The smallest code as it is stored, without sign.</summary>
    internal int LeastCode => !IsSymmetric || Bits < MostBits ? 0 : Offset - Levels;

    /// <summary>The largest code as it is stored, without sign.</summary>
    internal int MostCode => IsSymmetric ? Offset + Levels : Levels;

    /// <summary>The stored code of zero in a symmetric format.</summary>
    internal int Offset => 1 << (Bits - 1);

    /// <summary>Steps from zero, or from the minimum, to the largest value of a group.</summary>
    internal int Levels => (1 << (IsSymmetric ? Bits - 1 : Bits)) - 1;

    /// <summary>Largest magnitude that the format can write.</summary>
    internal double Largest => BlockParameter.Largest(ScalarType.Float16) * (IsSymmetric ? Levels : 1);

    /// <summary>Reads a name.</summary>
    /// <param name="name">Any text.</param>
    /// <returns>The format, or null where the text is not the name of one.</returns>
    public static IntegerFormat? TryParse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        bool affine = name.StartsWith('u');
        string[] parts = name[(affine ? 1 : 0)..].Split("-g");
        bool points = affine && parts[0].EndsWith(PointMark, StringComparison.Ordinal);
        parts[0] = points ? parts[0][..^PointMark.Length] : parts[0];
        return parts.Length == 2 && parts[0].StartsWith("int", StringComparison.Ordinal)
            && int.TryParse(parts[0].AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out int bits)
            && bits is >= FewestBits and <= MostBits
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int group) && group > 0
            ? new IntegerFormat(bits, group, affine && !points, points)
            : null;
    }

    /// <inheritdoc/>
    public override long StoredBytes(long rows, long columns)
    {
        long perGroup = IsAffine ? 2 * ScaleBytes : ScaleBytes;
        long points = HasZeroPoints ? BitPacking.RowBytes(Groups(columns), Bits) : 0;
        return rows * (BitPacking.RowBytes(columns, Bits) + (Groups(columns) * perGroup) + points);
    }

    /// <summary>The scales and minimums that encoding would choose, for solvers that choose codes themselves.</summary>
    /// <param name="values">Floating point [rows, columns], not empty; stays the caller's.</param>
    /// <param name="columnWeights">As in <see cref="ValueFormat.Encode"/>.</param>
    /// <returns>
    /// float32 [rows, groups], rounded to float16; minimums unless the format is symmetric. In the caller's scope.
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
        IsAffine ? zeros(rows, Groups(columns)) : null,
        HasZeroPoints ? zeros(rows, Groups(columns), dtype: ScalarType.Byte) : null);

    /// <summary>The zero points that minimums come from.</summary>
    /// <param name="scales">float32 [rows, groups].</param>
    /// <param name="minimums">float32 [rows, groups].</param>
    /// <returns>uint8 [rows, groups], in the caller's scope; null unless the format has such points.</returns>
    internal Tensor? ZeroPoints(Tensor scales, Tensor? minimums)
    {
        if (!HasZeroPoints)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        Tensor divisor = where(scales == 0, 1f, scales);
        return (minimums!.neg() / divisor).round_().clamp_(0, Levels).to(ScalarType.Byte).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override StoredValues EncodeBlock(Tensor values, Tensor? columnWeights)
    {
        var (codes, scales, minimums) = GroupQuantizer.Encode(RequireEncodable(values), this, columnWeights);
        return new IntegerValues(
            this, codes, scales, IsAffine ? minimums : null, ZeroPoints(scales, minimums));
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
        Tensor? points = HasZeroPoints
            ? reader.Read($"{prefix}.zeros", ScalarType.Byte, [rows, BitPacking.RowBytes(Groups(columns), Bits)])
            : null;
        return new IntegerValues(
            this,
            BitPacking.Unpack(packed, columns, Bits),
            scales,
            minimums,
            points is null ? null : BitPacking.Unpack(points, Groups(columns), Bits));
    }

    private Tensor RequireEncodable(Tensor values)
    {
        Tensor single = values.to(ScalarType.Float32);
        BlockParameter.RequireWithin(single, Largest, $"values stored as {Name}");
        return single;
    }
}
