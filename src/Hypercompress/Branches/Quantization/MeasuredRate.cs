namespace Hypercompress.Branches.Quantization;

/// <summary>A point of a site's rate–distortion curve.</summary>
/// <param name="Bits">Bits of a level, scales and tables not counted.</param>
/// <param name="Error">J in nats per token.</param>
internal readonly record struct MeasuredRate(double Bits, double Error)
{
    /// <summary>
    /// J at any rate: log J is linear between measured points, and beyond them as between the outermost two.
    /// </summary>
    /// <param name="points">At least two points by ascending bits.</param>
    /// <param name="bits">The rate.</param>
    internal static double ErrorAt(IReadOnlyList<MeasuredRate> points, double bits)
    {
        int next = 1;
        while (next < points.Count - 1 && points[next].Bits < bits)
        {
            next++;
        }

        (MeasuredRate low, MeasuredRate high) = (points[next - 1], points[next]);
        if (high.Bits <= low.Bits || low.Error <= 0 || high.Error <= 0)
        {
            return Math.Max(0, high.Error);
        }

        double share = (bits - low.Bits) / (high.Bits - low.Bits);
        return Math.Exp(double.Lerp(Math.Log(low.Error), Math.Log(high.Error), share));
    }
}
