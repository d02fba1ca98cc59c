namespace Hypercompress.Phases;

/// <summary>What a run is expected to take, said before it begins.</summary>
/// <param name="Seconds">Wall time of a run without training.</param>
/// <param name="TrainingSeconds">
/// Wall time of training beside it, where the plan is found to need it; 0 where it is switched off.
/// </param>
/// <param name="PeakBytes">Peak memory of a run without training.</param>
/// <param name="TrainingPeakBytes">Peak memory where it trains.</param>
/// <param name="DiskBytes">Most bytes on the disk of the artifact, while the run lasts.</param>
public sealed record RunForecast(
    double Seconds, double TrainingSeconds, long PeakBytes, long TrainingPeakBytes, long DiskBytes)
{
    /// <summary>The wall time of the run as it was.</summary>
    /// <param name="trained">Whether it trained.</param>
    /// <returns>What was expected of it, in seconds.</returns>
    public double SecondsOf(bool trained) => Seconds + (trained ? TrainingSeconds : 0);

    /// <summary>The memory of the run as it was.</summary>
    /// <param name="trained">Whether it trained.</param>
    /// <returns>What was expected of it, in bytes.</returns>
    public long PeakOf(bool trained) => trained ? TrainingPeakBytes : PeakBytes;
}
