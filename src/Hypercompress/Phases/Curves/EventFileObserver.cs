using System.Globalization;
using Hypercompress.Models.Errors;

namespace Hypercompress.Phases.Curves;

/// <summary>
/// Writes measured values, distributions, times and notes to an event file, which TensorBoard shows while the run goes
/// on.
/// </summary>
/// <param name="folder">Folder of the file; made at the start of the first phase.</param>
/// <param name="clock">Gives each event its time.</param>
internal sealed class EventFileObserver(string folder, TimeProvider clock) : IPipelineObserver
{
    private string? _file;
    private long _notes;
    private bool _failed;

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">The file cannot be written.</exception>
    public void PhaseStarted(Phase phase)
    {
        if (_file is not null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(folder);
            _file = FreeName();
            Append(EventMessages.Version(Now()));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(
                $"logging.tensorboard: no file can be written to {folder}: {fault.Message}", fault);
        }
    }

    /// <inheritdoc/>
    public void PhaseAdvanced(Phase phase, double done, double total, string detail)
    {
    }

    /// <inheritdoc/>
    public void Measured(Phase phase, string series, long step, double value)
    {
        ArgumentNullException.ThrowIfNull(phase);
        ArgumentNullException.ThrowIfNull(series);
        TryAppend(EventMessages.Scalar(Now(), step, Tag(phase.Name, series), value));
    }

    /// <inheritdoc/>
    public void Distributed(Phase phase, string series, long step, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(phase);
        ArgumentNullException.ThrowIfNull(series);
        if (Histogram.Of(values) is { } histogram)
        {
            TryAppend(EventMessages.Histogram(Now(), step, Tag(phase.Name, series), histogram));
        }
    }

    /// <inheritdoc/>
    public void PhaseEnded(PhaseRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        TryAppend(EventMessages.Scalar(Now(), 0, Tag(record.Phase.Name, "seconds"), record.Seconds));
        TryAppend(EventMessages.Scalar(Now(), 0, Tag(record.Phase.Name, "peak memory bytes"), record.PeakMemoryBytes));
    }

    /// <inheritdoc/>
    public void Noted(string text) => TryAppend(EventMessages.Text(Now(), _notes++, "notes", text));

    private static string Tag(string phase, string series) => $"{phase}/{series}".Replace(' ', '_');

    private double Now() => clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;

    private string FreeName() => Enumerable.Range(1, int.MaxValue)
        .Select(number => Path.Combine(folder, string.Create(
            CultureInfo.InvariantCulture,
            $"events.out.tfevents.{clock.GetUtcNow().ToUnixTimeSeconds():D10}.hypercompress.{number}")))
        .First(name => !Path.Exists(name));

    // A run of hours is not lost for its curves.
    private void TryAppend(byte[] record)
    {
        if (_file is null || _failed)
        {
            return;
        }

        try
        {
            Append(record);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _failed = true;
        }
    }

    private void Append(byte[] record)
    {
        using var stream = new FileStream(_file!, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        stream.Write(RecordFrame.Around(record));
    }
}
