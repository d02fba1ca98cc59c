using System.Globalization;

namespace Hypercompress.NumberFormats;

/// <summary>
/// The number format of a two-dimensional block of values. Integer codes are grouped along a row; a group never crosses
/// a row, the last group of a row may be shorter. Each row of codes is padded to whole bytes.
/// </summary>
/// <param name="Encoding">How a value is written.</param>
/// <param name="Bits">Bits of a value or code; 0 where they differ from value to value.</param>
/// <param name="GroupSize">Values that share a scale; 0 where there are no groups.</param>
public sealed record ValueFormat(ValueEncoding Encoding, int Bits, int GroupSize)
{
    /// <summary>The least and most bits per value of an entropy-coded block, in thousandths.</summary>
    internal const int LeastMillibits = 50, MostMillibits = 10_000;

    private const int ScaleBytes = 2;
    private const int MillibitsPerByte = 8000;

    // Room for the scales of rows and columns and the tables, whatever they are: the rest of it goes to the levels.
    private const int CodedTableBytes = 320;
    private const int CodedScaleBytes = 2;

    /// <summary>float32.</summary>
    public static ValueFormat Float32 { get; } = new(ValueEncoding.Float32, 32, 0);

    /// <summary>float16.</summary>
    public static ValueFormat Float16 { get; } = new(ValueEncoding.Float16, 16, 0);

    /// <summary>bfloat16.</summary>
    public static ValueFormat BFloat16 { get; } = new(ValueEncoding.BFloat16, 16, 0);

    /// <summary>Bits per value of an entropy-coded block in thousandths, scales and tables not counted; 0 otherwise.</summary>
    public int Millibits { get; private init; }

    /// <summary>True for integer codes.</summary>
    public bool IsInteger => Encoding is ValueEncoding.Symmetric or ValueEncoding.Affine;

    /// <summary>True where rounding costs enough that what can still move should make up for it.</summary>
    public bool IsCoarse => IsInteger || Encoding == ValueEncoding.Entropy;

    /// <summary>An entropy-coded format.</summary>
    /// <param name="millibits">Bits per value in thousandths, 50 to 10 000.</param>
    /// <returns>The format.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The bits are out of range.</exception>
    public static ValueFormat EntropyCoded(int millibits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(millibits, LeastMillibits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(millibits, MostMillibits);
        return new ValueFormat(ValueEncoding.Entropy, 0, 0) { Millibits = millibits };
    }

    /// <summary>Exact bytes of a block: codes, scales and minimums.</summary>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="columns">Columns of the block.</param>
    /// <returns>Bytes in the file, headers not counted.</returns>
    public long StoredBytes(long rows, long columns)
    {
        if (Encoding == ValueEncoding.Entropy)
        {
            return CodedBytes(rows, columns);
        }

        if (!IsInteger)
        {
            return rows * columns * (Bits / 8);
        }

        long groups = (columns + GroupSize - 1) / GroupSize;
        long perGroup = Encoding == ValueEncoding.Affine ? 2 * ScaleBytes : ScaleBytes;
        return rows * ((((columns * Bits) + 7) / 8) + (groups * perGroup));
    }

    /// <summary>
    /// The short name: <c>f32</c>, <c>f16</c>, <c>bf16</c>, <c>int8-g64</c> (symmetric), <c>uint4-g64</c> (affine),
    /// <c>ec2.75</c> (entropy-coded).
    /// </summary>
    /// <returns>A name that <see cref="Parse"/> reads.</returns>
    public override string ToString() => Encoding switch
    {
        ValueEncoding.Float32 => "f32",
        ValueEncoding.Float16 => "f16",
        ValueEncoding.BFloat16 => "bf16",
        ValueEncoding.Symmetric => $"int{Bits}-g{GroupSize}",
        ValueEncoding.Entropy => string.Create(CultureInfo.InvariantCulture, $"ec{Millibits / 1000m:0.###}"),
        _ => $"uint{Bits}-g{GroupSize}",
    };

    /// <summary>Reads a short name.</summary>
    /// <param name="name">As <see cref="ToString"/> writes it.</param>
    /// <returns>The format.</returns>
    /// <exception cref="FormatException">
    /// The name is none of those, bits are not in 2–8 (0.05–10 when entropy-coded), or the group is not positive.
    /// </exception>
    public static ValueFormat Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name switch
        {
            "f32" => Float32,
            "f16" => Float16,
            "bf16" => BFloat16,
            _ => ParseEntropy(name) ?? ParseInteger(name),
        };
    }

    private long CodedBytes(long rows, long columns)
    {
        if (rows * columns == 0)
        {
            return 0;
        }

        long scales = rows == 1 ? 0 : CodedScaleBytes * (rows + columns);
        return CodedTableBytes + scales + (((rows * columns * Millibits) + MillibitsPerByte - 1) / MillibitsPerByte);
    }

    private static ValueFormat? ParseEntropy(string name)
    {
        bool isCoded = name.StartsWith("ec", StringComparison.Ordinal)
            & decimal.TryParse(name.AsSpan(int.Min(2, name.Length)), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal bits);
        decimal millibits = bits * 1000;
        return isCoded && millibits == decimal.Truncate(millibits) && millibits is >= LeastMillibits and <= MostMillibits
            ? EntropyCoded((int)millibits)
            : null;
    }

    private static ValueFormat ParseInteger(string name)
    {
        bool affine = name.StartsWith('u');
        string[] parts = name[(affine ? 1 : 0)..].Split("-g");
        if (parts.Length == 2 && parts[0].StartsWith("int", StringComparison.Ordinal)
            && int.TryParse(parts[0].AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out int bits)
            && bits is >= 2 and <= 8
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int group) && group > 0)
        {
            return new ValueFormat(affine ? ValueEncoding.Affine : ValueEncoding.Symmetric, bits, group);
        }

        throw new FormatException(
            $"'{name}' is no number format; known are f32, f16, bf16, int8-g64, uint4-g64, ec2.75 and the like");
    }
}
