using System.Collections.Immutable;

namespace Hypercompress.Reporting.Pages;

/// <summary>An axis of a chart.</summary>
/// <param name="Name">What it shows, with its unit.</param>
/// <param name="Low">The number at its beginning.</param>
/// <param name="High">The number at its end; more than the beginning.</param>
/// <param name="IsLogarithmic">Whether equal lengths are equal ratios; all numbers are positive then.</param>
internal sealed record ChartAxis(string Name, double Low, double High, bool IsLogarithmic)
{
    private const int WantedTicks = 5;
    private const double LeastRatio = 6;
    private const double ManyDecades = 3;
    private const double MostPowers = 8;
    private static readonly double[] Steps = [1, 2, 5];

    /// <summary>An axis around values.</summary>
    /// <param name="name">What it shows, with its unit.</param>
    /// <param name="values">The values; at least one.</param>
    /// <param name="isLogarithmic">Whether equal lengths are equal ratios.</param>
    /// <returns>The axis, a little longer than the values reach.</returns>
    public static ChartAxis Around(string name, IReadOnlyCollection<double> values, bool isLogarithmic)
    {
        (double low, double high) = (values.Min(), values.Max());
        if (isLogarithmic)
        {
            double margin = Math.Max(1.02, Math.Pow(high / low, 0.05));
            return new ChartAxis(name, low / margin, high * margin, true);
        }

        double room = high > low ? 0.05 * (high - low) : Math.Max(1e-9, Math.Abs(high) / 2);
        return new ChartAxis(name, low - room, high + room, false);
    }

    /// <summary>Where a value lies.</summary>
    /// <param name="value">The value.</param>
    /// <returns>0 at the beginning of the axis, 1 at its end.</returns>
    public double Share(double value) => IsLogarithmic
        ? Math.Log(value / Low) / Math.Log(High / Low)
        : (value - Low) / (High - Low);

    /// <summary>Round numbers on the axis.</summary>
    /// <returns>Two to about eight of them.</returns>
    public ImmutableArray<double> Ticks() =>
        IsLogarithmic && High / Low > LeastRatio ? Powers() : Multiples();

    private ImmutableArray<double> Powers()
    {
        double decades = Math.Log10(High / Low);
        int every = Math.Max(1, (int)Math.Ceiling(decades / MostPowers));
        return
        [
            .. from power in Enumerable.Range((int)Math.Floor(Math.Log10(Low)), (int)decades + 2)
               where power % every == 0
               from step in decades > ManyDecades ? Steps[..1] : Steps
               let tick = step * Math.Pow(10, power)
               where tick >= Low && tick <= High
               select tick,
        ];
    }

    private ImmutableArray<double> Multiples()
    {
        double rough = (High - Low) / WantedTicks;
        double scale = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double width = scale * Steps.Append(10).First(step => step * scale >= rough);
        double first = Math.Ceiling(Low / width);
        return
        [
            .. Enumerable.Range(0, 12).Select(i => (first + i) * width).Where(tick => tick >= Low && tick <= High)
                .Distinct(),
        ];
    }
}
