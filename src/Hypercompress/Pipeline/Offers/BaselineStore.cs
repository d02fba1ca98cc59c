using System.Collections.Immutable;
using Hypercompress.Journal;
using Hypercompress.Models.Errors;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Pipeline.Offers;

/// <summary>
/// Keeps the statistics of a model in a folder beside the file of its offers, so that runs with other targets need not
/// take them again.
/// </summary>
internal static class BaselineStore
{
    private const string Ending = ".moments";
    private const string Entry = "baseline";
    private const string Origin = "origin";

    /// <summary>The folder that belongs to a file of statistics.</summary>
    /// <param name="statisticsFile">The file.</param>
    internal static string FolderOf(string statisticsFile) => statisticsFile + Ending;

    /// <summary>Reads the statistics.</summary>
    /// <param name="start">The inputs of the run.</param>
    /// <param name="format">Reads them.</param>
    /// <returns>The statistics; null where none are kept, or those of other inputs.</returns>
    /// <exception cref="CheckpointException">A file was damaged.</exception>
    internal static BaselineResult? TryRead(CalibrationStart start, BaselineFormat format)
    {
        if (start.StatisticsFile is not { } file || !Directory.Exists(FolderOf(file)))
        {
            return null;
        }

        using JournalEntry? entry = FilesOf(file).Find(Entry);
        return entry is not null
            && !OfferBookFile.Differing(start.Origin, entry.Get<Dictionary<string, string>>(Origin)).Any()
            ? format.Read(entry)
            : null;
    }

    /// <summary>Writes the statistics, in place of those of other inputs.</summary>
    /// <param name="start">The inputs of the run.</param>
    /// <param name="baseline">The statistics.</param>
    /// <param name="format">Writes them.</param>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written to.</exception>
    internal static void Write(CalibrationStart start, BaselineResult baseline, BaselineFormat format)
    {
        if (start.StatisticsFile is not { } file)
        {
            return;
        }

        var draft = new EntryDraft();
        draft.Document[Origin] = JournalJson.ToNode(start.Origin);
        format.Write(baseline, draft);
        Directory.CreateDirectory(FolderOf(file));
        EntryFiles files = FilesOf(file);
        files.RemoveStrays();
        files.Write(Entry, draft);
    }

    private static EntryFiles FilesOf(string file) =>
        new(FolderOf(file), $"delete {FolderOf(file)} to have it made anew");
}
