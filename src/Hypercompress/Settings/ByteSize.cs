using System.Globalization;

namespace Hypercompress.Settings;

/// <summary>A number of bytes, written as <c>40MB</c>, <c>6GB</c> or <c>1.5GiB</c>.</summary>
/// <param name="Bytes">The size in bytes, not negative.</param>
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    // Ordered by size, largest first: the writer takes the first one that divides evenly.
    private static readonly (string Name, long Bytes)[] Units =
    [
        ("TiB", 1L << 40), ("TB", 1_000_000_000_000), ("GiB", 1L << 30), ("GB", 1_000_000_000),
        ("MiB", 1L << 20), ("MB", 1_000_000), ("KiB", 1L << 10), ("KB", 1_000), ("B", 1),
    ];

    /// <summary>Orders by bytes.</summary>
    /// <param name="left">One size.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when the left one is smaller.</returns>
    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    /// <summary>Orders by bytes.</summary>
    /// <param name="left">One size.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when the left one is larger.</returns>
    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    /// <summary>Orders by bytes.</summary>
    /// <param name="left">One size.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when the left one is not larger.</returns>
    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    /// <summary>Orders by bytes.</summary>
    /// <param name="left">One size.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when the left one is not smaller.</returns>
    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;

    /// <summary>
    /// Reads a size: a number, then an optional unit. KB, MB, GB and TB are powers of 1000; KiB, MiB, GiB and TiB
    /// powers of 1024; no unit means bytes. Upper and lower case are the same, a space before the unit is allowed.
    /// </summary>
    /// <param name="text">Such as <c>40MB</c>.</param>
    /// <param name="size">The size, rounded down to whole bytes.</param>
    /// <returns>False when the text is not a size, is negative, or exceeds 2⁶³ bytes.</returns>
    public static bool TryParse(string? text, out ByteSize size)
    {
        size = default;
        string trimmed = (text ?? string.Empty).Trim();
        int digits = trimmed.AsSpan().IndexOfAnyExcept("0123456789.".AsSpan());
        string number = digits < 0 ? trimmed : trimmed[..digits];
        string unit = digits < 0 ? "B" : trimmed[digits..].TrimStart();
        (string Name, long Bytes) known = Array.Find(
            Units, candidate => candidate.Name.Equals(unit, StringComparison.OrdinalIgnoreCase));
        if (known.Bytes == 0
            || !decimal.TryParse(
                number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)
            || value > (decimal)long.MaxValue / known.Bytes)
        {
            return false;
        }

        size = new ByteSize((long)(value * known.Bytes));
        return true;
    }

    /// <summary>Reads a size.</summary>
    /// <param name="text">As <see cref="TryParse"/> reads it.</param>
    /// <returns>The size.</returns>
    /// <exception cref="FormatException">The text is not a size.</exception>
    public static ByteSize Parse(string text) =>
        TryParse(text, out ByteSize size)
            ? size
            : throw new FormatException($"'{text}' is not a size; write it like 40MB, 6GB or 1.5GiB");

    /// <inheritdoc/>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>
    /// The size in the largest unit that it is a whole number of, so that reading it gives the same bytes.
    /// </summary>
    /// <returns>Such as <c>40MB</c>.</returns>
    public override string ToString()
    {
        long bytes = Bytes;
        (string name, long unit) = Array.Find(Units, unit => bytes != 0 && bytes % unit.Bytes == 0);
        return unit <= 1
            ? bytes.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / unit}{name}");
    }
}
