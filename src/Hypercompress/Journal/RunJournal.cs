using System.Text.Json;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;

namespace Hypercompress.Journal;

/// <summary>
/// The work folder of a run, <c>OUT.work</c> beside its result: the inputs that determine the run, and an entry for
/// each piece of work that is done. One process at a time holds it.
/// </summary>
internal sealed class RunJournal : IDisposable
{
    private const string EntriesName = "entries";
    private const string StageName = "artifact";

    private readonly FolderLock _lock;
    private bool _isGone;

    private RunJournal(string folder, FolderLock held, JournalRecord record)
    {
        (Folder, _lock, Replaces) = (folder, held, record.Replaces);
        Entries = new EntryFiles(Path.Combine(folder, EntriesName));
        Found = Entries.Names.Count();
    }

    /// <summary>The work folder.</summary>
    public string Folder { get; }

    /// <summary>Where the result is written before it appears.</summary>
    public string Stage => Path.Combine(Folder, StageName);

    /// <summary>What was done so far.</summary>
    public EntryFiles Entries { get; }

    /// <summary>Whether the run replaces an artifact.</summary>
    public bool Replaces { get; }

    /// <summary>Entries that earlier processes have left.</summary>
    public int Found { get; }

    /// <summary>Opens the work folder of a run, and holds it.</summary>
    /// <param name="output">Where the result will be.</param>
    /// <param name="inputs">What determines the run.</param>
    /// <param name="start">What to do with the work of an earlier process.</param>
    /// <param name="replaces">
    /// Whether the run may replace an artifact; a run that is resumed keeps what it was told.
    /// </param>
    /// <returns>The journal.</returns>
    /// <exception cref="ConfigurationException">
    /// There is nothing to resume, another run of this process holds the folder, the work is that of another run, or
    /// the folder is not one of this program.
    /// </exception>
    /// <exception cref="IOException">Another process holds the folder, or it cannot be written to.</exception>
    public static RunJournal Open(string output, RunInputs inputs, RunStart start, bool replaces)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        RequireWork(output, start);
        string folder = WorkFolder.Of(output);
        bool isThere = WorkFolder.IsWork(folder);
        if (!WorkFolder.IsUsable(folder))
        {
            throw new ConfigurationException(
                $"{folder} is needed for the work of this run, and holds something else; move it away, or give another "
                + "--out");
        }

        Directory.CreateDirectory(folder);
        FolderLock held = FolderLock.Take(folder);
        try
        {
            StagedFolder.Recover(output, Path.Combine(folder, StageName));
            JournalRecord record = isThere && start != RunStart.Anew
                ? Reopen(folder, inputs)
                : Begin(folder, new JournalRecord(inputs, replaces));
            var journal = new RunJournal(folder, held, record);
            journal.Entries.RemoveStrays();
            return journal;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Removes the folder: the run is done, or nothing in it is of use.</summary>
    public void Remove()
    {
        _isGone = true;
        WorkFolder.Remove(Folder);
    }

    /// <summary>Gives the folder free; one without an entry is removed.</summary>
    public void Dispose()
    {
        if (!_isGone && !Entries.Names.Any())
        {
            Remove();
        }

        _lock.Dispose();
    }

    private static void RequireWork(string output, RunStart start)
    {
        if (start == RunStart.Resume && !WorkFolder.IsWork(WorkFolder.Of(output)))
        {
            throw new ConfigurationException(
                $"--resume: there is no {WorkFolder.Of(output)} with the work of a stopped run; leave --resume out to "
                + "begin one");
        }
    }

    private static JournalRecord Reopen(string folder, RunInputs inputs)
    {
        string file = Path.Combine(folder, WorkFolder.InputsName);
        JournalRecord record = Read(file);
        var differences = inputs.Differences(record.Inputs);
        return differences.IsEmpty
            ? record
            : throw new ConfigurationException(
                $"{folder} holds the work of a run with other inputs: {string.Join("; ", differences)}. Give --restart "
                + "to begin anew, or another --out");
    }

    private static JournalRecord Begin(string folder, JournalRecord record)
    {
        WorkFolder.Clear(folder);
        Directory.CreateDirectory(Path.Combine(folder, EntriesName));
        AtomicFile.WriteText(
            Path.Combine(folder, WorkFolder.InputsName), JsonSerializer.Serialize(record, JournalJson.Layout) + "\n");
        return record;
    }

    private static JournalRecord Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalRecord>(File.ReadAllText(file), JournalJson.Layout)
                ?? throw new JsonException("it is null");
        }
        catch (JsonException fault)
        {
            throw new CheckpointException(
                file, $"cannot be read: {fault.Message}; give --restart to begin anew", fault);
        }
    }

    private sealed record JournalRecord(RunInputs Inputs, bool Replaces);
}
