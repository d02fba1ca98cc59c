using System.Collections.Immutable;

namespace Hypercompress.Sites;

/// <summary>
/// Bits against error at the rate–distortion limit, at water levels one octave apart, so that the curves of several
/// sites add up: the best split of bits over sites has one water level for all.
/// </summary>
/// <param name="Components">
/// Numbers that are stored; below the lowest point each takes half a bit more per octave.
/// </param>
/// <param name="Points">By ascending level without gaps, the last one without bits; empty for nothing to store.</param>
public sealed record RateCurve(long Components, ImmutableArray<WaterLevelPoint> Points)
{
    /// <summary>Nothing is stored, and nothing is wrong.</summary>
    public static RateCurve Empty { get; } = new(0, []);

    /// <summary>The curve of several sources together.</summary>
    /// <param name="curves">Their curves.</param>
    /// <returns>The sum at each level.</returns>
    public static RateCurve Sum(IEnumerable<RateCurve> curves)
    {
        RateCurve[] parts = [.. curves.Where(curve => !curve.Points.IsEmpty)];
        if (parts.Length == 0)
        {
            return Empty;
        }

        int lowest = parts.Min(part => part.Points[0].Level);
        int highest = parts.Max(part => part.Points[^1].Level);
        return new RateCurve(
            parts.Sum(part => part.Components),
            [
                .. Enumerable.Range(lowest, highest - lowest + 1).Select(level => new WaterLevelPoint(
                    level, parts.Sum(part => part.At(level).Bits), parts.Sum(part => part.At(level).Error))),
            ]);
    }

    /// <summary>The fewest bits for an error.</summary>
    /// <param name="error">J, nats per token; positive.</param>
    /// <returns>Bits in all; 0 where the error is allowed without any.</returns>
    public double BitsFor(double error) => Points.IsEmpty || error >= Points[^1].Error
        ? 0
        : Between(point => -Math.Log2(point.Error), point => point.Bits, -Math.Log2(error));

    /// <summary>The least error for a number of bits.</summary>
    /// <param name="bits">Bits in all; not negative.</param>
    /// <returns>J, nats per token.</returns>
    public double ErrorFor(double bits) => Points.IsEmpty
        ? 0
        : Math.Pow(2, -Between(point => point.Bits, point => -Math.Log2(point.Error), bits));

    private WaterLevelPoint At(int level)
    {
        int below = Points[0].Level - level;
        return below > 0
            ? new WaterLevelPoint(
                level, Points[0].Bits + (0.5 * below * Components), Points[0].Error * Math.Pow(2, -below))
            : level > Points[^1].Level ? Points[^1] with { Level = level } : Points[level - Points[0].Level];
    }

    // Both axes fall with the level; what lies below the lowest point goes on as there.
    private double Between(Func<WaterLevelPoint, double> from, Func<WaterLevelPoint, double> to, double wanted)
    {
        int index = Points.Length - 1;
        while (index > 0 && from(Points[index - 1]) < wanted)
        {
            index--;
        }

        (WaterLevelPoint upper, WaterLevelPoint lower) = index > 0
            ? (Points[index], Points[index - 1])
            : (Points[0], At(Points[0].Level - 1));
        double step = from(lower) - from(upper);
        double share = step > 0 ? Math.Max(0, (wanted - from(upper)) / step) : 0;
        return to(upper) + (share * (to(lower) - to(upper)));
    }
}
