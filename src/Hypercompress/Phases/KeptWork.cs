using Hypercompress.Journal;
using Hypercompress.Processes;

namespace Hypercompress.Phases;

/// <summary>
/// Does pieces of work once: what a run has done is kept in its journal, with the notes and measurements that were made
/// on the way, and is taken from there when the run is resumed. Of several processes one works on a piece, or each on
/// pieces of its own, or all together; what comes out is the same everywhere.
/// </summary>
/// <param name="environment">Log, clock and processes of the run.</param>
internal sealed class KeptWork(RunEnvironment environment)
{
    private const string Notes = "notes";
    private const string Measured = "measured";
    private const string Seconds = "seconds";

    /// <summary>The processes that work on the run.</summary>
    public IProcessGroup Processes => environment.Processes;

    /// <summary>Where work is kept; null for a run that keeps nothing.</summary>
    public SharedJournal? Journal { get; set; }

    /// <summary>Time that the work took which was found, in all.</summary>
    public double FoundSeconds { get; private set; }

    /// <summary>Does a piece of work in process 0, or takes its result from the journal.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="phase">The phase that it belongs to.</param>
    /// <param name="part">The work.</param>
    /// <returns>The result, as it was read back.</returns>
    public T Do<T>(Phase phase, WorkPart<T> part) => DoEach(phase, [part], prepare: null).Single();

    /// <summary>Does a piece of work in all processes together, or takes its result from the journal.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="phase">The phase that it belongs to.</param>
    /// <param name="part">The work.</param>
    /// <returns>The result, as it was read back.</returns>
    public T DoTogether<T>(Phase phase, WorkPart<T> part)
    {
        if (Journal is not { } journal)
        {
            return part.Work();
        }

        if (journal.Has(part.Name))
        {
            return Take(phase, journal, part);
        }

        Work(part, fill => journal.Write(part.Name, fill));
        using JournalEntry kept = journal.Pass(part.Name, owner: 0);
        return part.Format.Read(kept);
    }

    /// <summary>Does pieces of work, each in one process, or takes their results from the journal.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="phase">The phase that they belong to.</param>
    /// <param name="parts">The work.</param>
    /// <param name="prepare">Done by all processes before a piece is worked on; null for nothing.</param>
    /// <returns>The results, as they were read back, one after the other.</returns>
    public IEnumerable<T> DoEach<T>(Phase phase, IReadOnlyList<WorkPart<T>> parts, Action? prepare)
    {
        if (Journal is not { } journal)
        {
            prepare?.Invoke();
            return parts.Select(part => part.Work());
        }

        return parts.Chunk(Processes.Size).SelectMany(round => DoRound(phase, journal, round, prepare));
    }

    // At most one piece for each process.
    private T[] DoRound<T>(Phase phase, SharedJournal journal, WorkPart<T>[] round, Action? prepare)
    {
        bool[] found = [.. round.Select(part => journal.Has(part.Name))];
        if (found.Contains(false))
        {
            prepare?.Invoke();
        }

        int own = Processes.Rank;
        if (own < round.Length && !found[own])
        {
            Work(round[own], fill => journal.Keep(round[own].Name, fill));
        }

        return
        [
            .. round.Index().Select(part => found[part.Index]
                ? Take(phase, journal, part.Item)
                : Get(phase, journal, part.Item, part.Index)),
        ];
    }

    // What was kept is read back, and what was made released.
    private void Work<T>(WorkPart<T> part, Action<Action<EntryDraft>> keep)
    {
        (int notes, int values) = (environment.Log.Notes.Length, environment.Log.Values.Length);
        long started = environment.Clock.GetTimestamp();
        T made = part.Work();
        try
        {
            keep(draft =>
            {
                draft.Document[Notes] = JournalJson.ToNode(environment.Log.Notes[notes..]);
                draft.Document[Measured] = JournalJson.ToNode(environment.Log.Values[values..]);
                draft.Document[Seconds] = environment.Clock.GetElapsedTime(started).TotalSeconds;
                part.Format.Write(made, draft);
            });
        }
        finally
        {
            part.Format.Discard(made);
        }
    }

    // The work of an earlier run.
    private T Take<T>(Phase phase, SharedJournal journal, WorkPart<T> part)
    {
        using JournalEntry found = journal.Pass(part.Name, owner: 0);
        Repeat(phase, found);
        FoundSeconds += found.Get<double>(Seconds);
        return part.Format.Read(found);
    }

    private T Get<T>(Phase phase, SharedJournal journal, WorkPart<T> part, int owner)
    {
        using JournalEntry made = journal.Pass(part.Name, owner);
        if (owner != Processes.Rank)
        {
            Repeat(phase, made);
        }

        return part.Format.Read(made);
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
    }
}
