using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats.EntropyCoding;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats;

/// <summary>Turns numbers into stored values, and tensors of a checkpoint back into them.</summary>
public static class ValueCodec
{
    /// <summary>Rounds numbers to a format.</summary>
    /// <param name="values">Floating point [rows, columns]; stays the caller's.</param>
    /// <param name="format">Any format.</param>
    /// <param name="columnWeights">
    /// Floating point [columns], none negative: what an error in a column costs, such as the diagonal of the input
    /// moment. Steers the search for the scales of up to four bits; null weighs all alike.
    /// </param>
    /// <returns>The rounded block, which the caller disposes; on the device of <paramref name="values"/>.</returns>
    /// <exception cref="ArgumentException">The tensors have the wrong shape, or the format is malformed.</exception>
    /// <exception cref="NumericalException">A value is NaN, infinite, or too large for the format.</exception>
    public static StoredValues Encode(Tensor values, ValueFormat format, Tensor? columnWeights = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(format);
        if (values.dim() != 2 || (columnWeights is not null && !columnWeights.shape.SequenceEqual([values.shape[1]])))
        {
            throw new ArgumentException(
                $"values must be [rows, columns] and weights [columns]; found [{string.Join(", ", values.shape)}] and "
                + $"[{string.Join(", ", columnWeights?.shape ?? [])}]",
                nameof(values));
        }

        return format.Encoding == ValueEncoding.Entropy ? EncodeLevels(values, format, columnWeights)
            : format.IsInteger ? EncodeIntegers(values, format, columnWeights)
            : new FloatValues(values, format);
    }

    /// <summary>The scales and minimums that <see cref="Encode"/> would choose, for solvers that choose codes themselves.</summary>
    /// <param name="values">Floating point [rows, columns], not empty; stays the caller's.</param>
    /// <param name="format">A format of integer codes.</param>
    /// <param name="columnWeights">As in <see cref="Encode"/>.</param>
    /// <returns>float32 [rows, groups], rounded to float16; minimums of an affine format. In the caller's scope.</returns>
    /// <exception cref="NumericalException">A value is NaN, infinite, or too large for the format.</exception>
    internal static (Tensor Scales, Tensor? Minimums) Ranges(Tensor values, ValueFormat format, Tensor? columnWeights)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (_, scales, minimums) = GroupQuantizer.Encode(RequireEncodable(values, format), format, columnWeights);
        return (scales.MoveToOuterDisposeScope(), minimums?.MoveToOuterDisposeScope());
    }

    /// <summary>Reads a block that <see cref="StoredValues.Store"/> wrote.</summary>
    /// <param name="prefix">Name of the block.</param>
    /// <param name="format">Its format.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns; 0 for an empty block, which has no tensors.</param>
    /// <param name="source">Where its tensors are.</param>
    /// <param name="file">The file to name when a tensor is missing.</param>
    /// <returns>The block, on the CPU; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">
    /// A tensor is missing, of the wrong type or shape, or not finite.
    /// </exception>
    public static StoredValues Read(
        string prefix, ValueFormat format, long rows, long columns, ITensorSource source, string file)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        using var scope = NewDisposeScope();
        if (rows == 0 || columns == 0)
        {
            return Empty(format, rows, columns);
        }

        var reader = new BlockReader(source, file);
        if (format.Encoding == ValueEncoding.Entropy)
        {
            return ReadLevels(reader.Read($"{prefix}.coded", ScalarType.Byte, [format.StoredBytes(rows, columns)]), prefix, format, rows, columns, file);
        }

        if (!format.IsInteger)
        {
            return new FloatValues(reader.ReadFinite(prefix, FloatValues.TypeOf(format), [rows, columns]), format);
        }

        long groups = ((columns - 1) / format.GroupSize) + 1;
        var packed = reader.Read(
            $"{prefix}.codes", ScalarType.Byte, [rows, BitPacking.RowBytes(columns, format.Bits)]);
        var scales = reader.ReadFinite($"{prefix}.scales", ScalarType.Float16, [rows, groups]);
        var minimums = format.Encoding == ValueEncoding.Affine
            ? reader.ReadFinite($"{prefix}.minimums", ScalarType.Float16, [rows, groups])
            : null;
        return new IntegerValues(format, BitPacking.Unpack(packed, columns, format.Bits), scales, minimums);
    }

    // A single row is coded as a column: the trellis runs along columns, and there are no scales to give to each value.
    private static EntropyValues EncodeLevels(Tensor values, ValueFormat format, Tensor? columnWeights)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        (long rows, long columns) = (values.shape[0], values.shape[1]);
        if (rows * columns == 0)
        {
            return new EntropyValues(format, rows, columns, []);
        }

        Tensor single = values.detach().to(ScalarType.Float32);
        BlockParameter.RequireWithin(single, float.MaxValue, $"values stored as {format}");
        Tensor? weights = rows == 1 || columnWeights is null ? null : ClampWeights(columnWeights);
        Tensor matrix = rows == 1 ? single.t() : single;
        Tensor columnScales = weights?.rsqrt() ?? ones(matrix.shape[1]);
        (ScaleParts parts, double magnitude) = ScaleParts.Fit(matrix, ones(matrix.shape[0]), columnScales);
        byte[] coded = RateSearch.Fit(
            parts,
            magnitude,
            format.StoredBytes(rows, columns),
            (scales, prices) => new LevelQuantizer(scales, prices).QuantizeAll(matrix));
        return new EntropyValues(format, rows, columns, coded);
    }

    // Columns that weigh nothing would ask for an endless step.
    private static Tensor ClampWeights(Tensor weights) => weights.clamp(min: 1e-6 * weights.mean().ToDouble());

    private static EntropyValues ReadLevels(Tensor coded, string prefix, ValueFormat format, long rows, long columns, string file)
    {
        try
        {
            var values = new EntropyValues(format, rows, columns, coded.bytes.ToArray());
            values.Value();
            return values;
        }
        catch (FormatException malformed)
        {
            throw new CheckpointException(file, $"tensor {prefix}.coded: {malformed.Message}", malformed);
        }
    }

    private static IntegerValues EncodeIntegers(Tensor values, ValueFormat format, Tensor? columnWeights)
    {
        IntegerValues.RequireInteger(format);
        if (values.numel() == 0)
        {
            return (IntegerValues)Empty(format, values.shape[0], values.shape[1]);
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (codes, scales, minimums) = GroupQuantizer.Encode(RequireEncodable(values, format), format, columnWeights);
        return new IntegerValues(format, codes, scales, minimums);
    }

    private static Tensor RequireEncodable(Tensor values, ValueFormat format)
    {
        var single = values.detach().to(ScalarType.Float32);
        BlockParameter.RequireWithin(single, GroupQuantizer.Largest(format), $"values stored as {format}");
        return single;
    }

    private static StoredValues Empty(ValueFormat format, long rows, long columns)
    {
        using var scope = NewDisposeScope();
        if (format.Encoding == ValueEncoding.Entropy)
        {
            return new EntropyValues(format, rows, columns, []);
        }

        if (!format.IsInteger)
        {
            return new FloatValues(zeros(rows, columns), format);
        }

        long groups = (columns + format.GroupSize - 1) / format.GroupSize;
        return new IntegerValues(
            format,
            zeros(rows, columns, dtype: ScalarType.Byte),
            zeros(rows, groups),
            format.Encoding == ValueEncoding.Affine ? zeros(rows, groups) : null);
    }
}
