using System.Globalization;

namespace Hypercompress.Settings;

/// <summary>
/// Turns written values into typed ones, without guessing: quoted text is not a number, 4.0 is not a whole number.
/// </summary>
internal static class ScalarReader
{
    private const NumberStyles WholeStyle = NumberStyles.AllowLeadingSign;

    private const NumberStyles RealStyle =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Reads one value.</summary>
    /// <param name="scalar">The value as it was written; not null.</param>
    /// <param name="type">bool, int, long, double, string, <see cref="ByteSize"/> or an enumeration.</param>
    /// <returns>The value, or null when the text is not one of that type.</returns>
    /// <exception cref="NotSupportedException">Values of that type cannot be configured.</exception>
    public static object? Read(SettingScalar scalar, Type type)
    {
        if (type == typeof(string))
        {
            return scalar.Text;
        }

        if (type == typeof(ByteSize))
        {
            return ByteSize.TryParse(scalar.Text, out ByteSize size) ? size : null;
        }

        if (type.IsEnum)
        {
            return Array.Find(Enum.GetNames(type), name => SettingNames.Spell(name) == scalar.Text) is { } name
                ? Enum.Parse(type, name)
                : null;
        }

        return scalar.IsQuoted ? null : ReadPlain(scalar.Text, type);
    }

    /// <summary>How values of a type are written, for messages.</summary>
    public static string Expected(Type type)
    {
        if (type.IsEnum)
        {
            return $"one of {string.Join(", ", Enum.GetNames(type).Select(SettingNames.Spell))}";
        }

        return type == typeof(ByteSize) ? "a size such as 40MB, 6GB or 1.5GiB" : Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => "true or false",
            TypeCode.Int32 => "a whole number",
            TypeCode.Int64 => "a whole number",
            TypeCode.Double => "a number",
            _ => "a text",
        };
    }

    private static object? ReadPlain(string text, Type type)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => text is "true" or "True" or "TRUE" ? true
                : text is "false" or "False" or "FALSE" ? false : null,
            TypeCode.Int32 => int.TryParse(text, WholeStyle, culture, out int value) ? value : null,
            TypeCode.Int64 => long.TryParse(text, WholeStyle, culture, out long value) ? value : null,
            TypeCode.Double => double.TryParse(text, RealStyle, culture, out double value) && double.IsFinite(value)
                ? value : null,
            _ => throw new NotSupportedException($"values of type {type} cannot be configured"),
        };
    }
}
