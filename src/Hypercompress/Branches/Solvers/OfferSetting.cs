using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Registry;

namespace Hypercompress.Branches.Solvers;

/// <summary>Writes and reads the private settings of offers; plans can be edited by hand, so reading checks them.</summary>
internal static class OfferSetting
{
    internal const string Format = "format";
    internal const string Rank = "rank";
    internal const string Sparsity = "sparsity";
    internal const string Gauge = "gauge";
    private const string Pivots = "pifa";

    internal static ImmutableSortedDictionary<string, string> Of(ValueFormat format) =>
        ImmutableSortedDictionary<string, string>.Empty.Add(Format, format.ToString());

    internal static ImmutableSortedDictionary<string, string> Of(ValueFormat format, int rank) =>
        Of(format).Add(Rank, rank.ToString(CultureInfo.InvariantCulture));

    internal static ImmutableSortedDictionary<string, string> OfPivots(ValueFormat format, int rank) =>
        Of(format, rank).Add(Gauge, Pivots);

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
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int rank) && rank >= 1 && rank <= largest
            ? rank
            : throw new ConfigurationException(
                $"an offer of branch '{offer.Branch}' has the rank '{text}'; it must be a whole number in [1, {largest}]");
    }

    internal static bool ReadPivots(Offer offer) => offer.Setting.TryGetValue(Gauge, out string? gauge)
        && (gauge == Pivots
            ? true
            : throw new ConfigurationException(
                $"an offer of branch '{offer.Branch}' has the gauge '{gauge}'; it must be '{Pivots}' or left out"));

    internal static double ReadSparsity(Offer offer)
    {
        string text = Read(offer, Sparsity);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share)
            && share is > 0 and < 1
            ? share
            : throw new ConfigurationException(
                $"an offer of branch '{offer.Branch}' has the sparsity '{text}'; it must lie between 0 and 1");
    }

    private static string Read(Offer offer, string key) =>
        offer.Setting.TryGetValue(key, out string? text)
            ? text
            : throw new ConfigurationException($"an offer of branch '{offer.Branch}' lacks its setting '{key}'");
}
