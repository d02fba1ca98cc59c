namespace Hypercompress.NumberFormats.EntropyCoding.Search;

/// <summary>λ · bits of every level, by class, as the search adds them to squared errors.</summary>
internal sealed class LevelPrices
{
    // Larger ones are priced as the largest of these with their parity: they are rare, and all escaped on most grids.
    private const int LeastPriced = 15, MostPriced = 4095;
    private readonly float[] _prices;
    private readonly int _largest;

    private LevelPrices(float[] prices, int largest) => (_prices, _largest) = (prices, largest);

    /// <summary>Prices by a model of the levels.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="bits">Bits of a magnitude in a class.</param>
    /// <param name="lambda">Squared error that a bit is worth, in units of the level grid.</param>
    /// <param name="largest">
    /// The largest magnitude that is asked for often; at least 15 and at most 4095 have prices.
    /// </param>
    internal static LevelPrices Of(
        int classes, Func<int, int, double> bits, double lambda, int largest = MostPriced)
    {
        int priced = int.Clamp(largest, LeastPriced, MostPriced);
        int width = WidthOf(priced);
        var prices = new float[classes * width];
        for (int index = 0; index < classes; index++)
        {
            for (int magnitude = 0; magnitude <= priced; magnitude++)
            {
                var price = (float)(lambda * bits(index, magnitude));
                prices[(index * width) + priced - magnitude] = price;
                prices[(index * width) + priced + magnitude] = price;
            }
        }

        return new LevelPrices(prices, priced);
    }

    /// <summary>Prices of levels that follow each other.</summary>
    /// <param name="index">Their class.</param>
    /// <param name="first">The first level.</param>
    /// <param name="count">How many.</param>
    internal ReadOnlySpan<float> Of(int index, int first, int count)
    {
        int highest = _largest - count + 1;
        int priced = first > highest ? highest - ((first - highest) & 1)
            : first < -_largest ? -_largest + ((first + _largest) & 1)
            : first;
        return _prices.AsSpan((index * WidthOf(_largest)) + _largest + priced, count);
    }

    private static int WidthOf(int largest) => (2 * largest) + 1;
}
