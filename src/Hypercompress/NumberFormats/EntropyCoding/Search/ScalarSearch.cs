using Hypercompress.NumberFormats.EntropyCoding.Streams;

namespace Hypercompress.NumberFormats.EntropyCoding.Search;

/// <summary>
/// Decides every level by itself: the nearest one, or the next one towards 0 where that saves more bits.
/// </summary>
internal sealed class ScalarSearch : ILevelSearch
{
    private const int Largest = LevelModel.Largest - 1;

    /// <inheritdoc/>
    public void Run(
        ReadOnlySpan<float> values, ReadOnlySpan<byte> classes, LevelPrices prices, Span<short> levels, int state)
    {
        for (int i = 0; i < values.Length; i++)
        {
            float value = float.Clamp(values[i], -Largest, Largest);
            var below = (int)MathF.Floor(value);
            ReadOnlySpan<float> price = prices.Of(classes[i], below, 2);
            float low = value - below;
            float high = low - 1;
            levels[i] = (short)((high * high) + price[1] < (low * low) + price[0] ? below + 1 : below);
        }
    }
}
