namespace Hypercompress.Evaluation.Statistics;

/// <summary>
/// A mean over tokens with its standard error. Tokens of one window depend on each other, so the windows are the
/// samples: se² = m/(m−1) · Σ_w (s_w − mean · n_w)² / (Σ_w n_w)² over m windows with sums s_w of n_w values (the
/// ratio estimator of cluster sampling; for windows of one size it is the standard error of the windows' means). A
/// single window is all there is to go by when the text is short: then the tokens are the samples.
/// </summary>
internal sealed class MeanEstimate
{
    private readonly List<(double Sum, int Count)> _windows = [];
    private double[] _latest = [];

    /// <summary>Number of values.</summary>
    public long Count => _windows.Sum(window => (long)window.Count);

    /// <summary>Mean of all values.</summary>
    public double Mean => _windows.Sum(window => window.Sum) / Count;

    /// <summary>Standard error of the mean; 0 when there is one value only.</summary>
    public double StandardError => _windows.Count > 1
        ? RatioError(_windows)
        : RatioError([.. _latest.Select(value => (value, 1))]);

    /// <summary>Adds the values of one window.</summary>
    /// <param name="values">At least one value.</param>
    public void AddWindow(double[] values)
    {
        _windows.Add((values.Sum(), values.Length));
        _latest = values;
    }

    private double RatioError(IReadOnlyCollection<(double Sum, int Count)> samples)
    {
        double mean = Mean;
        double squares = samples.Sum(sample => Math.Pow(sample.Sum - (mean * sample.Count), 2));
        double bias = samples.Count > 1 ? samples.Count / (samples.Count - 1.0) : 0;
        return Math.Sqrt(bias * squares) / Count;
    }
}
