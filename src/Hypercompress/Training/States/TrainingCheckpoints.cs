using Hypercompress.Journal;

namespace Hypercompress.Training.States;

/// <summary>Keeps the state of a training run, so that another process can go on with it.</summary>
/// <param name="journal">The journal of the run.</param>
/// <param name="name">Name of the entry.</param>
/// <param name="clock">Decides how often; no result depends on it.</param>
internal sealed class TrainingCheckpoints(SharedJournal journal, string name, TimeProvider clock)
{
    // Keeping a state may take two percent of the time of training.
    private const double MostOverhead = 0.02;
    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(1);
    private TimeSpan _interval = LeastInterval;
    private long _last = clock.GetTimestamp();

    /// <summary>Whether it is time to keep the state again.</summary>
    public bool IsDue => clock.GetElapsedTime(_last) >= _interval;

    /// <summary>Keeps a state in place of the last one.</summary>
    /// <param name="fill">Writes it.</param>
    /// <exception cref="IOException">The disk is full or fails; the last state is as it was.</exception>
    public void Write(Action<EntryDraft> fill)
    {
        long started = clock.GetTimestamp();
        journal.Write(name, fill);
        TimeSpan needed = clock.GetElapsedTime(started) / MostOverhead;
        _interval = needed > LeastInterval ? needed : LeastInterval;
        _last = clock.GetTimestamp();
    }

    /// <summary>The state that was kept last; done by all processes.</summary>
    /// <returns>The caller disposes it; null where there is none.</returns>
    public JournalEntry? Find() => journal.Find(name);
}
