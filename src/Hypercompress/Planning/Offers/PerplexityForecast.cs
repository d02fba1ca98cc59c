using System.Globalization;

namespace Hypercompress.Planning.Offers;

/// <summary>The predicted perplexity of a plan, before any training.</summary>
/// <param name="Perplexity">The predicted value.</param>
/// <param name="Low">Lower end of the band.</param>
/// <param name="High">Upper end of the band.</param>
public sealed record PerplexityForecast(double Perplexity, double Low, double High)
{
    /// <summary>The prediction for people, with its band where the band is wider than what is written.</summary>
    /// <param name="format">Format of the numbers, such as <c>F2</c>.</param>
    /// <returns>Such as <c>18.25 (17.50 to 19.50)</c>, or <c>18.25</c> alone.</returns>
    public string ToText(string format)
    {
        string value = Perplexity.ToString(format, CultureInfo.InvariantCulture);
        return Band(format) is { } band ? $"{value} ({band})" : value;
    }

    /// <summary>The band alone.</summary>
    /// <param name="format">Format of the numbers, such as <c>F2</c>.</param>
    /// <returns>Such as <c>17.50 to 19.50</c>; null where both ends are written like the prediction.</returns>
    public string? Band(string format)
    {
        string value = Perplexity.ToString(format, CultureInfo.InvariantCulture);
        string low = Low.ToString(format, CultureInfo.InvariantCulture);
        string high = High.ToString(format, CultureInfo.InvariantCulture);
        return low == value && high == value ? null : $"{low} to {high}";
    }
}
