namespace Hypercompress.NumberFormats.EntropyCoding.Search;

/// <summary>λ · bits of every level, by class, as the search adds them to squared errors.</summary>
internal sealed class LevelPrices
{
    // Larger ones are priced as the largest of these with their parity: they are rare, and all escaped on most grids.
    private const int LargestPriced = 4095;
    private const int Width = (2 * LargestPriced) + 1;
    private readonly float[] _prices;

    private LevelPrices(float[] prices) => _prices = prices;

    /// <summary>Prices by a model of the levels.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="bits">Bits of a magnitude in a class.</param>
    /// <param name="lambda">Squared error that a bit is worth, in units of the level grid.</param>
    internal static LevelPrices Of(int classes, Func<int, int, double> bits, double lambda)
    {
        var prices = new float[classes * Width];
        for (int index = 0; index < classes; index++)
        {
            for (int magnitude = 0; magnitude <= LargestPriced; magnitude++)
            {
                var price = (float)(lambda * bits(index, magnitude));
                prices[(index * Width) + LargestPriced - magnitude] = price;
                prices[(index * Width) + LargestPriced + magnitude] = price;
            }
        }

        return new LevelPrices(prices);
    }

    /// <summary>Prices of levels that follow each other.</summary>
    /// <param name="index">Their class.</param>
    /// <param name="first">The first level.</param>
    /// <param name="count">How many.</param>
    internal ReadOnlySpan<float> Of(int index, int first, int count)
    {
        int highest = LargestPriced - count + 1;
        int priced = first > highest ? highest - ((first - highest) & 1)
            : first < -LargestPriced ? -LargestPriced + ((first + LargestPriced) & 1)
            : first;
        return _prices.AsSpan((index * Width) + LargestPriced + priced, count);
    }
}
