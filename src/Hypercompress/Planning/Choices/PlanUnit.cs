using System.Collections.Immutable;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning.Choices;

/// <summary>
/// Sites that are decided together: a single one, the same one of every layer, or some that may share what they store.
/// </summary>
/// <param name="Sites">Indices of the sites.</param>
/// <param name="Choices">Choices for all of them at once, by bytes; empty only where there are members.</param>
/// <param name="Members">
/// Units that can also be decided each by itself; their sites are those of the unit, in that order.
/// </param>
internal sealed record PlanUnit(
    ImmutableArray<int> Sites, ImmutableArray<UnitChoice> Choices, ImmutableArray<PlanUnit> Members)
{
    /// <summary>The largest loss of any choice, nats per token.</summary>
    public double LargestLoss => Members.IsEmpty
        ? Choices.Max(choice => choice.Loss)
        : Members.Sum(member => member.LargestLoss);

    /// <summary>Cost of running the largest choice.</summary>
    public InferenceCost LargestCost => Members.IsEmpty
        ? Choices[^1].Cost
        : InferenceCost.Sum(Members.Select(member => member.LargestCost));

    /// <summary>One choice for each number of bytes: the one that is best at some prices.</summary>
    /// <param name="prices">Prices of running a model.</param>
    /// <returns>Choices by bytes.</returns>
    public UnitChoice[] At(InferencePrices prices)
    {
        IEnumerable<UnitChoice> apart = Members.IsEmpty
            ? []
            : Members.Select(member => member.At(prices))
                .Aggregate((sum, next) => CombinedChoices.Of(sum, next, prices));
        return
        [
            .. apart.Concat(Choices).GroupBy(choice => choice.Bytes)
                .Select(same => same.MinBy(choice => choice.Loss + prices.Of(choice.Cost))!)
                .OrderBy(choice => choice.Bytes),
        ];
    }
}
