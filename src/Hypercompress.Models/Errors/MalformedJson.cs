using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hypercompress.Models.Errors;

/// <summary>Says in plain words where a text is not JSON, and why.</summary>
public static partial class MalformedJson
{
    /// <summary>Describes a fault.</summary>
    /// <param name="fault">What the reader of JSON found.</param>
    /// <returns>Place and fault, such as <c>line 3, column 12: 'x' is an invalid start of a value</c>.</returns>
    public static string Describe(Exception fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return fault is JsonException { LineNumber: { } line } && !IsEmpty(fault)
            ? string.Create(CultureInfo.InvariantCulture, $"line {line + 1}, {InLine(fault)}")
            : InLine(fault);
    }

    /// <summary>Describes a fault in a text of one line, whose number is said elsewhere.</summary>
    /// <param name="fault">What the reader of JSON found.</param>
    /// <returns>Place and fault, such as <c>column 12: 'x' is an invalid start of a value</c>.</returns>
    public static string DescribeInLine(Exception fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return InLine(fault);
    }

    private static bool IsEmpty(Exception fault) =>
        fault.Message.StartsWith("The input does not contain any JSON tokens", StringComparison.Ordinal);

    private static string InLine(Exception fault)
    {
        string problem = Problem(fault);
        return fault is JsonException { BytePositionInLine: { } column } && !IsEmpty(fault)
            ? string.Create(CultureInfo.InvariantCulture, $"column {column + 1}: {problem}")
            : problem;
    }

    private static string Problem(Exception fault)
    {
        string message = Place().Replace(fault.Message, string.Empty);
        return IsEmpty(fault) ? "there is nothing in it"
            : message.StartsWith("Expected depth to be zero", StringComparison.Ordinal)
                || message.StartsWith("Expected end of string", StringComparison.Ordinal)
                || message.Contains("but instead reached end of data", StringComparison.Ordinal)
                ? "the text ends too early"
            : message.StartsWith("Cannot transcode invalid UTF-8", StringComparison.Ordinal)
                ? "a text is not UTF-8"
            : message.StartsWith("Cannot read incomplete UTF-16", StringComparison.Ordinal)
                || message.StartsWith("Cannot read invalid UTF-16", StringComparison.Ordinal)
                ? "a text has half of a character that is written as two \\u"
            : message.TrimEnd('.');
    }

    // The reader puts the place behind its message, counted from 0 and in its own words.
    [GeneratedRegex(@" (Path: .* \| )?LineNumber: \d+ \| BytePositionInLine: \d+\.$", RegexOptions.Singleline)]
    private static partial Regex Place();
}
