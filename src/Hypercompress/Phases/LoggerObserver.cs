using Microsoft.Extensions.Logging;

namespace Hypercompress.Phases;

/// <summary>Writes the events of a run to a log.</summary>
/// <param name="logger">The log.</param>
internal sealed partial class LoggerObserver(ILogger logger) : IPipelineObserver
{
    /// <inheritdoc/>
    public void Expected(RunForecast forecast)
    {
        ArgumentNullException.ThrowIfNull(forecast);
        LogForecast(
            forecast.Seconds, forecast.TrainingSeconds, forecast.PeakBytes, forecast.TrainingPeakBytes,
            forecast.DiskBytes);
    }

    /// <inheritdoc/>
    public void PhaseStarted(Phase phase) => LogStart(phase.Name);

    /// <inheritdoc/>
    public void PhaseAdvanced(Phase phase, double done, double total, string detail) =>
        LogStep(phase.Name, done, total, detail);

    /// <inheritdoc/>
    public void Measured(Phase phase, string series, long step, double value) =>
        LogValue(phase.Name, series, step, value);

    /// <inheritdoc/>
    public void PhaseEnded(PhaseRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        LogEnd(record.Phase.Name, record.Seconds, record.PeakMemoryBytes);
    }

    /// <inheritdoc/>
    public void Noted(string text) => LogNote(text);

    [LoggerMessage(1, LogLevel.Information, "{Phase} begins")]
    private partial void LogStart(string phase);

    [LoggerMessage(2, LogLevel.Debug, "{Phase}: {Done} of {Total} ({Detail})")]
    private partial void LogStep(string phase, double done, double total, string detail);

    [LoggerMessage(3, LogLevel.Debug, "{Phase}: {Series} at {Step} is {Value}")]
    private partial void LogValue(string phase, string series, long step, double value);

    [LoggerMessage(4, LogLevel.Information, "{Phase} took {Seconds} s; peak memory {PeakMemoryBytes} bytes")]
    private partial void LogEnd(string phase, double seconds, long peakMemoryBytes);

    [LoggerMessage(5, LogLevel.Warning, "{Note}")]
    private partial void LogNote(string note);

    [LoggerMessage(
        6,
        LogLevel.Information,
        "the run is expected to take {Seconds} s, and {TrainingSeconds} s more if it trains; {PeakBytes} bytes of "
        + "memory, {TrainingPeakBytes} if it trains; {DiskBytes} bytes of disk")]
    private partial void LogForecast(
        double seconds, double trainingSeconds, long peakBytes, long trainingPeakBytes, long diskBytes);
}
