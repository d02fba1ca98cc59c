using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Registry;

namespace Hypercompress.Branches.Solvers;

/// <summary>
/// Writes and reads the private settings of offers; plans can be edited by hand, so reading checks them.
/// </summary>
internal static class OfferSetting
{
    internal const string Format = "format";
    internal const string Rank = "rank";
    internal const string Sparsity = "sparsity";
    internal const string Layout = "layout";
    private const string PivotRows = "pivot-rows";

    // Plans of earlier versions say gauge=pifa.
    private const string EarlierLayout = "gauge";
    private const string EarlierPivotRows = "pifa";

    internal static ImmutableSortedDictionary<string, string> Of(ValueFormat format) =>
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(Format, format.ToString());

    internal static ImmutableSortedDictionary<string, string> Of(ValueFormat format, int rank) =>
        Of(format).Add(Rank, rank.ToString(CultureInfo.InvariantCulture));

    internal static ImmutableSortedDictionary<string, string> OfPivots(ValueFormat format, int rank) =>
        Of(format, rank).Add(Layout, PivotRows);

    internal static ImmutableSortedDictionary<string, string> Of(ValueFormat format, double sparsity) =>
        Of(format).Add(Sparsity, sparsity.ToString("R", CultureInfo.InvariantCulture));

    internal static ValueFormat ReadFormat(Offer offer, NumberFormatRegistry formats)
    {
        string text = Read(offer, Format);
        try
        {
            return formats.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new ConfigurationException($"an offer of branch '{offer.Branch}': {exception.Message}", exception);
        }
    }

    internal static int ReadRank(Offer offer, long largest)
    {
        string text = Read(offer, Rank);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int rank) && rank >= 1
            && rank <= largest
            ? rank
            : throw new ConfigurationException(
                $"an offer of branch '{offer.Branch}' has the rank '{text}'; it must be a whole number in [1, "
                    + $"{largest}]");
    }

    internal static bool ReadPivots(Offer offer) =>
        IsPivots(offer, Layout, PivotRows) || IsPivots(offer, EarlierLayout, EarlierPivotRows);

    internal static double ReadSparsity(Offer offer)
    {
        string text = Read(offer, Sparsity);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share)
            && share is > 0 and < 1
            ? share
            : throw new ConfigurationException(
                $"an offer of branch '{offer.Branch}' has the sparsity '{text}'; it must be between 0 and 1");
    }

    private static bool IsPivots(Offer offer, string key, string expected) =>
        offer.Setting.TryGetValue(key, out string? layout)
        && (layout == expected
            ? true
            : throw new ConfigurationException(
                $"an offer of branch '{offer.Branch}' has the {key} '{layout}'; it must be '{expected}' or left out"));

    private static string Read(Offer offer, string key) =>
        offer.Setting.TryGetValue(key, out string? text)
            ? text
            : throw new ConfigurationException($"an offer of branch '{offer.Branch}' lacks its setting '{key}'");
}
