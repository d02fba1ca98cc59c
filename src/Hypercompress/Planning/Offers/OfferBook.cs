using System.Collections.Immutable;
using Hypercompress.Branches;

namespace Hypercompress.Planning.Offers;

/// <summary>
/// Everything that planning needs, as numbers: whoever has it makes a plan for any ratio in a moment, without the model and
/// the texts that it was made from.
/// </summary>
/// <param name="Origin">What it was made from, by name: hashes of the model, the texts and the settings.</param>
/// <param name="TeacherBytes">Bytes of the teacher's weights as published.</param>
/// <param name="FixedBytes">Bytes that are kept in any case: norms and biases.</param>
/// <param name="Sites">What can be had, in the order of the decoder.</param>
/// <param name="Forecast">What losses of sites mean for the model.</param>
/// <param name="Effort">What making it took and what a run takes.</param>
/// <param name="Notes">What was worth a user's attention.</param>
public sealed record OfferBook(
    ImmutableSortedDictionary<string, string> Origin,
    long TeacherBytes,
    long FixedBytes,
    ImmutableArray<SiteOffers> Sites,
    LossModel Forecast,
    CalibrationTimings Effort,
    ImmutableArray<string> Notes)
{
    /// <summary>What can be had at several sites together.</summary>
    public ImmutableArray<OfferStack> Stacks { get; init; } = [];
}
