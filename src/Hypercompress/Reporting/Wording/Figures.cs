using System.Globalization;
using Hypercompress.Models.Files;

namespace Hypercompress.Reporting.Wording;

/// <summary>Numbers as readers of pages and model cards want them.</summary>
internal static class Figures
{
    /// <summary>Time below which a phase did nothing, such as one that is switched off.</summary>
    public const double LeastSeconds = 0.005;

    /// <summary>Four significant digits.</summary>
    public const string ShortFormat = "G4";

    private const string Missing = "–";
    private const string HeldBack = "held back from ";

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A number with four significant digits.</summary>
    /// <param name="value">The number, or null.</param>
    /// <returns>Its text; a dash for null.</returns>
    public static string Short(double? value) => value is { } number ? number.ToString(ShortFormat, Culture) : Missing;

    /// <summary>A number with its standard error.</summary>
    /// <param name="value">The number, or null.</param>
    /// <param name="error">Its standard error, or null.</param>
    /// <returns>Such as <c>19.77 ± 0.21</c>.</returns>
    public static string Uncertain(double? value, double? error) =>
        value is { } number && error is { } spread
            ? UncertainNumber.Text(number, spread)
            : Short(value);

    /// <summary>A share.</summary>
    /// <param name="share">0 to 1, or null.</param>
    /// <returns>Such as <c>93.1 %</c>.</returns>
    public static string Percent(double? share) =>
        share is { } number ? string.Create(Culture, $"{100 * number:0.0} %") : Missing;

    /// <summary>A ratio.</summary>
    /// <param name="ratio">Teacher / student, or null.</param>
    /// <returns>Such as <c>4.00×</c>, or <c>unchanged</c>.</returns>
    public static string Ratio(double? ratio) => ratio is { } number
        ? Math.Abs(number - 1) < 0.005 ? "unchanged" : string.Create(Culture, $"{number:0.00}×")
        : Missing;

    /// <summary>A whole number with thin spaces between thousands.</summary>
    /// <param name="count">The number, or null.</param>
    /// <returns>Such as <c>67 256 256</c>.</returns>
    public static string Count(double? count) => count is { } number
        ? number.ToString("#,##0", Culture).Replace(',', '\u202F')
        : Missing;

    /// <summary>Bytes in the largest decimal unit in which they are at least 1.</summary>
    /// <param name="bytes">Any count, or null.</param>
    /// <returns>Such as <c>67.3 MB</c>.</returns>
    public static string Bytes(double? bytes) => bytes is { } count ? SizeText.Of(count) : Missing;

    /// <summary>A duration.</summary>
    /// <param name="seconds">Seconds, or null.</param>
    /// <returns>Such as <c>14.2 s</c> or <c>27 min</c>.</returns>
    public static string Duration(double? seconds) => seconds switch
    {
        null => Missing,
        >= 7200 => string.Create(Culture, $"{seconds / 3600:0.0} h"),
        >= 120 => string.Create(Culture, $"{seconds / 60:0.0} min"),
        _ => string.Create(Culture, $"{seconds:0.0} s"),
    };

    /// <summary>The number that a table sorts by.</summary>
    /// <param name="value">The number, or null.</param>
    /// <returns>All its digits; empty for null.</returns>
    public static string Exact(double? value) => value?.ToString("R", Culture) ?? string.Empty;

    /// <summary>The name of a text without folders.</summary>
    /// <param name="file">The file, perhaps with words before it.</param>
    /// <returns>The name.</returns>
    public static string FileName(string file)
    {
        string name = file[(file.LastIndexOfAny(['/', '\\']) + 1)..];
        return file.StartsWith(HeldBack, StringComparison.Ordinal)
            && !name.StartsWith(HeldBack, StringComparison.Ordinal) ? HeldBack + name : name;
    }
}
