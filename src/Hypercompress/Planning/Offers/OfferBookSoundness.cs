using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Sites;

namespace Hypercompress.Planning.Offers;

/// <summary>Whether the numbers of an offer book that was read from a file can come from a measurement.</summary>
internal static class OfferBookSoundness
{
    // Above these, sums over the sites of a model could leave the range of their types.
    private const long MostBytes = 1L << 50;
    private const int MostOctaves = 2000;

    /// <summary>Checks a book; a value may be missing although its type does not allow it.</summary>
    /// <param name="book">The book.</param>
    /// <returns>Whether planning may use it.</returns>
    public static bool Holds(OfferBook book) =>
        book.TeacherBytes is > 0 and <= MostBytes && IsCount(book.FixedBytes)
        && Holds(book.Forecast) && Holds(book.Effort) && !book.Notes.IsDefault
        && book.Notes.All(note => note is not null)
        && !book.Sites.IsDefaultOrEmpty && book.Sites.All(Holds)
        && book.Sites.Select(site => site.Site.Name).Distinct(StringComparer.Ordinal).Count() == book.Sites.Length
        && Holds(book.Stacks, [.. book.Sites.Select(site => site.Site.Name)])
        && Holds(book.Alike, [.. book.Sites.Select(site => site.Site.Name)]);

    private static bool Holds(ImmutableArray<ImmutableArray<string>> alike, HashSet<string> sites) =>
        !alike.IsDefault && alike.All(group => !group.IsDefaultOrEmpty && group.All(sites.Remove));

    private static bool Holds(SiteOffers? offers) =>
        offers is not null && Holds(offers.Site) && offers.KeepBytes is > 0 and <= MostBytes && IsAmount(offers.Energy)
        && !offers.Offers.IsDefault && offers.Offers.All(Holds)
        && IsCount(offers.KeepCost.MultiplyAdds) && IsCount(offers.KeepCost.CachedValues)
        && Holds(offers.Loss) && Holds(offers.Limit);

    private static bool Holds(Site? site) =>
        site is { Name.Length: > 0, Rows: > 0, Columns: > 0 } && site.Layer is null or >= 0
        && (double)site!.Rows * site.Columns <= MostBytes;

    private static bool Holds(Offer? offer) =>
        offer is { Branch.Length: > 0, Setting: not null, Bytes: > 0 and <= MostBytes }
            && IsAmount(offer.PredictedError)
        && IsCount(offer.MultiplyAdds ?? 0) && IsCount(offer.CachedValues ?? 0);

    private static bool Holds(LossCurve? curve) => curve is not null
        && new[] { curve.MildError, curve.MildLoss, curve.HarshError, curve.HarshLoss }
            .All(value => value > 0 && double.IsFinite(value));

    private static bool Holds(LossModel? model) =>
        model is { VocabularySize: > 0, TeacherPerplexity: > 0 } && double.IsFinite(model.TeacherPerplexity)
        && Holds(model.Curve) && IsAmount(model.Low) && IsAmount(model.High);

    private static bool Holds(CalibrationTimings? timings) =>
        timings is not null && IsCount(timings.Parameters)
        && IsAmount(timings.Seconds) && IsAmount(timings.SecondsPerToken) && IsAmount(timings.SolveSeconds)
        && IsAmount(timings.ScoredTokens);

    private static bool Holds(RateCurve? curve) =>
        curve is not null && IsCount(curve.Components) && !curve.Points.IsDefault && curve.Points.Length <= MostOctaves
        && (curve.Points.IsEmpty || Math.Abs((long)curve.Points[0].Level) <= MostOctaves)
        && curve.Points.Select((point, index) => point.Level == curve.Points[0].Level + index
            && IsAmount(point.Bits) && IsAmount(point.Error)).All(holds => holds);

    private static bool Holds(ImmutableArray<OfferStack> stacks, HashSet<string> sites) =>
        !stacks.IsDefault && stacks.All(
        stack => stack is not null && !stack.Sites.IsDefaultOrEmpty && !stack.Offers.IsDefault
            && stack.Sites.Length == stack.Offers.Length && stack.Offers.All(Holds)
            && stack.Sites.All(site => site is not null && sites.Contains(site))
            && stack.Sites.Distinct(StringComparer.Ordinal).Count() == stack.Sites.Length);

    private static bool IsCount(long value) => value is >= 0 and <= MostBytes;

    private static bool IsAmount(double value) => value >= 0 && double.IsFinite(value);
}
