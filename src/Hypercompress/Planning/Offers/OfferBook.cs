using System.Collections.Immutable;
using Hypercompress.Branches;

namespace Hypercompress.Planning.Offers;

/// <summary>
/// The numbers that planning needs: with them a plan for any ratio takes about a second, without the model and the
/// texts
/// that they were made from.
/// </summary>
/// <param name="Origin">Hashes of the inputs that it was made from, by name: model, texts and settings.</param>
/// <param name="TeacherBytes">Bytes of the teacher's weights as published.</param>
/// <param name="FixedBytes">Bytes that are kept in any case: norms and biases.</param>
/// <param name="Sites">The sites with their offers, in the order of the decoder.</param>
/// <param name="Forecast">Turns losses of sites into a perplexity of the model.</param>
/// <param name="Effort">Time that making it took, from which the time of a run is estimated.</param>
/// <param name="Notes">Notes for the user.</param>
public sealed record OfferBook(
    ImmutableSortedDictionary<string, string> Origin,
    long TeacherBytes,
    long FixedBytes,
    ImmutableArray<SiteOffers> Sites,
    LossModel Forecast,
    CalibrationTimings Effort,
    ImmutableArray<string> Notes)
{
    /// <summary>Offers for several sites together.</summary>
    public ImmutableArray<OfferStack> Stacks { get; init; } = [];

    /// <summary>Names of sites that take the same offer, or all of them none; each in one group at most.</summary>
    public ImmutableArray<ImmutableArray<string>> Alike { get; init; } = [];
}
