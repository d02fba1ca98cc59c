using System.Diagnostics;
using Hypercompress.Journal;

namespace Hypercompress.Phases;

/// <summary>
/// Does pieces of work once: what a run has done is kept in its journal, with the notes and measurements that were made
/// on the way, and is taken from there when the run is resumed.
/// </summary>
/// <param name="environment">Log and clock of the run.</param>
internal sealed class KeptWork(RunEnvironment environment)
{
    private const string Notes = "notes";
    private const string Measured = "measured";
    private const string Seconds = "seconds";

    /// <summary>Where work is kept; null for a run that keeps nothing.</summary>
    public RunJournal? Journal { get; set; }

    /// <summary>Time that the work took which was found, in all.</summary>
    public double FoundSeconds { get; private set; }

    /// <summary>Does a piece of work, or takes its result from the journal.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="phase">The phase that it belongs to.</param>
    /// <param name="name">Name of the entry: letters, digits and hyphens.</param>
    /// <param name="format">Writes and reads the result.</param>
    /// <param name="work">The work.</param>
    /// <returns>The result, as it was read back.</returns>
    public T Do<T>(Phase phase, string name, IJournalFormat<T> format, Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(work);
        if (Journal is not { } journal)
        {
            return work();
        }

        if (journal.Find(name) is { } found)
        {
            using (found)
            {
                Repeat(phase, found);
                return format.Read(found);
            }
        }

        return DoAndKeep(journal, name, format, work);
    }

    private T DoAndKeep<T>(RunJournal journal, string name, IJournalFormat<T> format, Func<T> work)
    {
        (int notes, int values) = (environment.Log.Notes.Length, environment.Log.Values.Length);
        long started = environment.Clock.GetTimestamp();
        T made = work();
        try
        {
            journal.Write(name, draft =>
            {
                draft.Document[Notes] = JournalJson.ToNode(environment.Log.Notes[notes..]);
                draft.Document[Measured] = JournalJson.ToNode(environment.Log.Values[values..]);
                draft.Document[Seconds] = environment.Clock.GetElapsedTime(started).TotalSeconds;
                format.Write(made, draft);
            });
        }
        finally
        {
            format.Discard(made);
        }

        using JournalEntry kept = journal.Find(name) ?? throw new UnreachableException(name);
        return format.Read(kept);
    }

    private void Repeat(Phase phase, JournalEntry found)
    {
        foreach (string note in found.Get<string[]>(Notes))
        {
            environment.Log.Noted(note);
        }

        foreach (MeasuredValue value in found.Get<MeasuredValue[]>(Measured))
        {
            environment.Log.Measured(phase, value.Series, value.Step, value.Value);
        }

        FoundSeconds += found.Get<double>(Seconds);
    }
}
