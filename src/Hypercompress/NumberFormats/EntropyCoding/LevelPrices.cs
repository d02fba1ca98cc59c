namespace Hypercompress.NumberFormats.EntropyCoding;

/// <summary>λ · bits of every level, by class, as the search adds them to squared errors.</summary>
internal sealed class LevelPrices
{
    /// <summary>Levels lie within ± this, which is all that an escaped level can say.</summary>
    internal const int Largest = 16383;

    private const int Width = (2 * Largest) + 1;
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
            for (int magnitude = 0; magnitude <= Largest; magnitude++)
            {
                var price = (float)(lambda * bits(index, magnitude));
                prices[(index * Width) + Largest - magnitude] = price;
                prices[(index * Width) + Largest + magnitude] = price;
            }
        }

        return new LevelPrices(prices);
    }

    /// <summary>Prices of a class: that of level k at k + <see cref="Largest"/>.</summary>
    internal ReadOnlySpan<float> Of(int index) => _prices.AsSpan(index * Width, Width);
}
