namespace Hypercompress.Branches.Solvers;

/// <summary>
/// The cost in J of rounding the factors, measured at a few ranks and interpolated between them on logarithmic axes.
/// </summary>
/// <param name="points">Rank and measured noise in nats per token, by ascending rank; at least one.</param>
/// <param name="floor">Least noise to assume, nats per token; positive.</param>
internal sealed class RoundingNoise(IReadOnlyList<(int Rank, double Noise)> points, double floor)
{
    private const double SmallestFloor = 1e-30;
    private const double RelativeFloor = 1e-12;

    /// <summary>The least noise to assume at a site.</summary>
    /// <param name="energy">J of leaving the matrix out.</param>
    internal static double Floor(double energy) => Math.Max(RelativeFloor * energy, SmallestFloor);

    internal double At(int rank)
    {
        int next = 0;
        while (next < points.Count && points[next].Rank < rank)
        {
            next++;
        }

        if (next == points.Count || next == 0 || points[next].Rank == rank)
        {
            return Noise(int.Min(next, points.Count - 1));
        }

        double low = Math.Log(points[next - 1].Rank);
        double share = (Math.Log(rank) - low) / (Math.Log(points[next].Rank) - low);
        return Math.Exp(double.Lerp(Math.Log(Noise(next - 1)), Math.Log(Noise(next)), share));
    }

    private double Noise(int point) => Math.Max(points[point].Noise, floor);
}
