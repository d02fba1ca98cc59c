namespace Hypercompress.Planning.Choices;

/// <summary>The choices at two groups of sites together: the best sums of their own choices.</summary>
internal static class CombinedChoices
{
    // All pairs would be thousands a layer. Corners of the hulls are among those that stay, and the optimum is near to
    // them.
    private const int MaxTerms = 64;
    private const int MaxSums = 256;

    /// <summary>Adds choices up.</summary>
    /// <param name="first">Choices of the first group.</param>
    /// <param name="second">Choices of the second group.</param>
    /// <param name="prices">Prices of running a model.</param>
    /// <returns>Sums by bytes, of falling loss at these prices; sites of the first group come first.</returns>
    public static UnitChoice[] Of(UnitChoice[] first, UnitChoice[] second, InferencePrices prices)
    {
        UnitChoice[] left = Best(first, prices, MaxTerms);
        UnitChoice[] right = Best(second, prices, MaxTerms);
        (UnitChoice Left, UnitChoice Right)[] pairs = [.. left.SelectMany(one => right.Select(other => (one, other)))];
        CostPoint[] points =
        [
            .. pairs.Select(pair => new CostPoint(
                pair.Left.Bytes + pair.Right.Bytes, Priced(pair.Left, prices) + Priced(pair.Right, prices))),
        ];
        return [.. Best(points, MaxSums).Select(
            index => new UnitChoice([.. pairs[index].Left.Parts, .. pairs[index].Right.Parts]))];
    }

    private static double Priced(UnitChoice choice, InferencePrices prices) => choice.Loss + prices.Of(choice.Cost);

    private static UnitChoice[] Best(UnitChoice[] choices, InferencePrices prices, int most) =>
    [
        .. Best([.. choices.Select(choice => new CostPoint(choice.Bytes, Priced(choice, prices)))], most)
            .Select(index => choices[index]),
    ];

    private static IEnumerable<int> Best(CostPoint[] points, int most)
    {
        int[] front = ParetoFront.Of(points);
        return ParetoFront.Thin([.. front.Select(index => points[index])], most).Select(index => front[index]);
    }
}
