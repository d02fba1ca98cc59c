using System.Globalization;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats.EntropyCoding.Search;
using Hypercompress.NumberFormats.EntropyCoding.Streams;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding;

/// <summary>
/// Levels on a grid with a scale per row and per column, entropy-coded into a fixed number of bytes: <c>ec2.75</c> has
/// 2.75 bits per value beside its scales and tables, on a trellis; <c>ef2.75</c> is the same with scales in finer
/// steps, so that these train, and <c>et2.75</c> with levels that train as well; <c>es2.75</c> has as many bits without
/// a trellis, and its levels and scales train.
/// </summary>
internal sealed record EntropyFormat : ValueFormat
{
    /// <summary>The least and most bits per value, in thousandths.</summary>
    internal const int LeastMillibits = 50, MostMillibits = 10_000;

    private const string TrellisPrefix = "ec", FinePrefix = "ef", TrainedPrefix = "et", ScalarPrefix = "es";
    private const int MillibitsPerByte = 8000;

    // An upper bound of what scales and tables take; the levels get the rest.
    private const int TableBytes = 320;
    private const int ScaleBytes = 2;

    // Half a bit for each scale that trains, since other scales may take more bytes.
    private const int ScalesPerSpareByte = 16;

    /// <summary>Describes a format.</summary>
    /// <param name="millibits">Bits per value in thousandths, 50 to 10 000; scales and tables not counted.</param>
    /// <param name="code">Which levels may follow each other.</param>
    /// <param name="trains">
    /// What of a trellis is to train after solving; null for nothing. Scalar levels always train.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The bits are out of range.</exception>
    public EntropyFormat(int millibits, LevelCode code = LevelCode.Trellis, TrainedCodes? trains = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(millibits, LeastMillibits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(millibits, MostMillibits);
        (Millibits, Code) = (millibits, code);
        Trains = code == LevelCode.Scalar ? TrainedCodes.Levels : trains;
    }

    /// <summary>Bits per value in thousandths, scales and tables not counted.</summary>
    public int Millibits { get; }

    /// <summary>Which levels may follow each other.</summary>
    public LevelCode Code { get; }

    /// <summary>What is to train after solving; null for nothing.</summary>
    public TrainedCodes? Trains { get; }

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Millibits / 1000m:0.###}");

    /// <inheritdoc/>
    public override bool IsCoarse => true;

    // Those of scalar levels become finer when their training starts.
    private bool HasFineScales => Code == LevelCode.Trellis && Trains is not null;

    private string Prefix => (Code, Trains) switch
    {
        (LevelCode.Scalar, _) => ScalarPrefix,
        (_, TrainedCodes.Levels) => TrainedPrefix,
        (_, TrainedCodes.Scales) => FinePrefix,
        _ => TrellisPrefix,
    };

    /// <summary>Reads a name.</summary>
    /// <param name="name">Any text.</param>
    /// <returns>The format, or null where the text is not the name of one.</returns>
    public static EntropyFormat? TryParse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (KindOf(name) is not var (code, trains)
            || !decimal.TryParse(
                name.AsSpan(TrellisPrefix.Length),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out decimal bits))
        {
            return null;
        }

        // The range comes first: larger numbers times 1000 would overflow.
        return bits is >= LeastMillibits / 1000m and <= MostMillibits / 1000m && bits * 1000 % 1 == 0
            ? new EntropyFormat((int)(bits * 1000), code, trains)
            : null;
    }

    /// <inheritdoc/>
    public override long StoredBytes(long rows, long columns)
    {
        if (rows * columns == 0)
        {
            return 0;
        }

        long scales = rows == 1 ? 0 : ScaleBytes * (rows + columns);
        return TableBytes + scales + (((rows * columns * Millibits) + MillibitsPerByte - 1) / MillibitsPerByte);
    }

    /// <summary>Solves a block in its bytes.</summary>
    /// <param name="parts">Scales in the coarsest steps, and expected magnitudes.</param>
    /// <param name="magnitude">As for <see cref="RateSearch.Fit"/>.</param>
    /// <param name="stored">Bytes of the block.</param>
    /// <param name="quantize">Quantizes the matrix on a grid.</param>
    /// <param name="slack">As for <see cref="RateSearch.Fit"/>.</param>
    internal CodedFit Fit(
        ScaleParts parts,
        double magnitude,
        long stored,
        Func<MatrixScales, LevelPrices, QuantizedLevels> quantize,
        double slack = RateSearch.Slack)
    {
        if (!HasFineScales)
        {
            return RateSearch.Fit(parts, magnitude, stored, Code, quantize, slack);
        }

        (int rows, int columns) = (parts.RowScales.Length, parts.ColumnScales.Length);
        ScaleParts fine = parts.Refined(ScaleParts.FineBitsFor(rows, columns, StoredBytes(rows, columns)));
        return RateSearch.Fit(
            fine, magnitude, stored - ((rows + columns) / ScalesPerSpareByte), Code, quantize, slack);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The tables take as many bytes in a small block as in a large one: values of a sample get fewer bits.
    /// </remarks>
    public override ValueFormat ForSample(long stored, long sampled)
    {
        double values = sampled;
        double extra = StoredBytes(1, sampled) - (StoredBytes(1, stored) * values / stored);
        int millibits = Millibits - (int)(MillibitsPerByte * extra / values);
        return new EntropyFormat(Math.Clamp(millibits, LeastMillibits, MostMillibits), Code, Trains);
    }

    /// <inheritdoc/>
    protected override StoredValues CreateEmpty(long rows, long columns) =>
        new EntropyValues(this, rows, columns, new CodedFit([], []));

    /// <inheritdoc/>
    protected override StoredValues EncodeBlock(Tensor values, Tensor? columnWeights)
    {
        // A single row is coded as a column: the trellis runs along columns, and a scale per value would cost too much.
        (long rows, long columns) = (values.shape[0], values.shape[1]);
        Tensor single = values.to(ScalarType.Float32);
        BlockParameter.RequireWithin(single, float.MaxValue, $"values stored as {Name}");
        Tensor? weights = rows == 1 || columnWeights is null ? null : ClampWeights(columnWeights);
        Tensor matrix = rows == 1 ? single.t() : single;
        Tensor columnScales = weights?.rsqrt() ?? ones(matrix.shape[1], device: matrix.device);
        (ScaleParts parts, double magnitude) = ScaleParts.Fit(
            matrix, ones(matrix.shape[0], device: matrix.device), columnScales);
        var levels = new short[rows * columns];
        CodedFit fit = Fit(
            parts,
            magnitude,
            StoredBytes(rows, columns),
            (scales, prices) => new LevelQuantizer(scales, prices, Code, levels, Trains == TrainedCodes.Levels)
                .QuantizeAll(matrix));
        return new EntropyValues(this, rows, columns, fit);
    }

    /// <inheritdoc/>
    protected override StoredValues ReadBlock(BlockReader reader, string prefix, long rows, long columns) =>
        ReadBytes(reader, prefix, rows, columns);

    /// <inheritdoc/>
    protected override StoredValues ReadBytes(BlockReader reader, string prefix, long rows, long columns)
    {
        byte[] coded = reader.ReadBytes($"{prefix}.coded", ScalarType.Byte, [StoredBytes(rows, columns)]);

        // The stream is read when its levels or values are first asked for, whichever of the two it is.
        return new EntropyValues(this, rows, columns, new CodedFit(coded, []))
        {
            Explain = malformed => reader.Fail($"tensor {prefix}.coded: {malformed.Message}", malformed),
        };
    }

    private static (LevelCode Code, TrainedCodes? Trains)? KindOf(string name) =>
        name.Length < TrellisPrefix.Length
            ? null
            : name[..TrellisPrefix.Length] switch
            {
                TrellisPrefix => (LevelCode.Trellis, null),
                FinePrefix => (LevelCode.Trellis, TrainedCodes.Scales),
                TrainedPrefix => (LevelCode.Trellis, TrainedCodes.Levels),
                ScalarPrefix => (LevelCode.Scalar, TrainedCodes.Levels),
                _ => null,
            };

    // A column of weight zero would get an infinite step.
    private static Tensor ClampWeights(Tensor weights) =>
        weights.clamp(min: 1e-6 * weights.mean().to(ScalarType.Float64).item<double>());
}
