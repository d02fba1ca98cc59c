using System.Diagnostics;
using Hypercompress.Processes;

namespace Hypercompress.Journal;

/// <summary>
/// The journal as the processes of a run see it: process 0 keeps it, and the others get from it what they ask for. All
/// go on with the same bytes, whoever made them.
/// </summary>
/// <param name="own">The journal in process 0; null in the others.</param>
/// <param name="processes">The processes.</param>
internal sealed class SharedJournal(RunJournal? own, IProcessGroup processes)
{
    private readonly EntryExchange _exchange = new(processes);
    private PassingEntries? _made;

    /// <summary>Whether there is an entry; done by all.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>True where there is one.</returns>
    public bool Has(string name) => processes.Ask(own?.Entries.Has(name) ?? false);

    /// <summary>Opens an entry; done by all.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The entry, which the caller disposes; null where there is none.</returns>
    /// <exception cref="Models.Errors.CheckpointException">It was damaged.</exception>
    public JournalEntry? Find(string name) => Has(name) ? Pass(name, owner: 0) : null;

    /// <summary>Keeps a result that all processes have; an entry of the same name is replaced.</summary>
    /// <param name="name">Letters, digits and hyphens.</param>
    /// <param name="fill">Writes the result; called in process 0.</param>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public void Write(string name, Action<EntryDraft> fill)
    {
        if (own is not null)
        {
            Write(own.Entries, name, fill);
        }
    }

    /// <summary>Removes an entry that is part of another one by now; nothing happens where there is none.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public void Remove(string name) => own?.Entries.Remove(name);

    /// <summary>Keeps a result of this process until all <see cref="Pass"/> it on.</summary>
    /// <param name="name">Letters, digits and hyphens; there is no entry of that name.</param>
    /// <param name="fill">Writes the result.</param>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public void Keep(string name, Action<EntryDraft> fill)
    {
        if (own is null)
        {
            _made = new PassingEntries();
        }

        Write(own?.Entries ?? _made!.Files, name, fill);
    }

    /// <summary>Gives an entry of one process to all; done by all.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="owner">The process that has it: 0 for what is in the journal.</param>
    /// <returns>The entry, which the caller disposes.</returns>
    /// <exception cref="Models.Errors.CheckpointException">It was damaged.</exception>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public JournalEntry Pass(string name, int owner)
    {
        bool isOwner = processes.Rank == owner;
        using PassingEntries? passing = own is not null ? null : isOwner ? _made : new PassingEntries();
        EntryFiles files = own?.Entries ?? passing!.Files;
        if (!isOwner)
        {
            _exchange.Receive(files, name, owner);
        }
        else if (processes.Size > 1)
        {
            _exchange.Send(files, name);
        }

        return files.Find(name) ?? throw new UnreachableException(name);
    }

    private static void Write(EntryFiles files, string name, Action<EntryDraft> fill)
    {
        var draft = new EntryDraft();
        fill(draft);
        files.Write(name, draft);
    }

    // An entry that was opened is there without its name, so that nothing stays behind whatever ends the process.
    private sealed class PassingEntries : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("hypercompress-").FullName;

        public PassingEntries() => Files = new EntryFiles(_folder);

        public EntryFiles Files { get; }

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
