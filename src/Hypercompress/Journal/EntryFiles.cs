using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;

namespace Hypercompress.Journal;

/// <summary>
/// The entries of a folder. An entry is a file <c>NAME.json</c>, which appears whole and last, and where there are
/// tensors a file <c>NAME.N.safetensors</c> that it names. Both have their hashes in it.
/// </summary>
/// <param name="folder">The folder; exists.</param>
/// <param name="remedy">What to do about a file that was damaged.</param>
internal sealed class EntryFiles(string folder, string remedy = EntryFiles.BeginAnew)
{
    private const string BeginAnew = "give --restart to begin anew";
    private const int Version = 1;
    private const int BufferBytes = 1 << 20;
    private const string DocumentEnding = ".json";
    private const string TensorsEnding = ".safetensors";

    // Files whose hashes were compared, or that this process has written.
    private readonly HashSet<string> _sound = new(StringComparer.Ordinal);

    /// <summary>Names of all entries.</summary>
    public IEnumerable<string> Names => Directory.EnumerateFiles(folder, "*" + DocumentEnding)
        .Select(file => Path.GetFileNameWithoutExtension(file)!)
        .Order(StringComparer.Ordinal);

    /// <summary>
    /// Removes files of tensors that no entry names: the run was stopped before their entry appeared.
    /// </summary>
    public void RemoveStrays()
    {
        HashSet<string> named =
            [.. Names.Select(name => ReadHeader(name)?.Tensors).OfType<string>()];
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            string name = Path.GetFileName(file);
            if (!name.EndsWith(DocumentEnding, StringComparison.Ordinal) && !named.Contains(name))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>Writes an entry; one of the same name is replaced.</summary>
    /// <param name="name">Letters, digits and hyphens.</param>
    /// <param name="draft">Its content.</param>
    /// <exception cref="IOException">The disk is full or fails; what was there is as it was.</exception>
    public void Write(string name, EntryDraft draft)
    {
        string? before = ReadHeader(name)?.Tensors;
        var header = new JsonObject { ["version"] = Version };
        string? tensors = draft.Tensors.Count == 0 ? null : NextName(name, before);
        if (tensors is not null)
        {
            SafetensorsWriter.Write(Path.Combine(folder, tensors), draft.Tensors);
            header["tensors"] = tensors;
            header["tensors_hash"] = HashOf(Path.Combine(folder, tensors));
            _sound.Add(tensors);
        }

        string document = draft.Document.ToJsonString(PlainJson.Compact);
        header["hash"] = HashOf(Encoding.UTF8.GetBytes(document));
        string head = header.ToJsonString(PlainJson.Compact);
        AtomicFile.WriteText(DocumentOf(name), $"{head[..^1]},\"document\":{document}}}\n");
        if (before is not null && before != tensors)
        {
            File.Delete(Path.Combine(folder, before));
        }
    }

    /// <summary>Removes an entry; nothing happens where there is none.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public void Remove(string name)
    {
        string? tensors = ReadHeader(name)?.Tensors;
        File.Delete(DocumentOf(name));
        if (tensors is not null)
        {
            File.Delete(Path.Combine(folder, tensors));
        }
    }

    /// <summary>Whether there is an entry.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>True where there is one.</returns>
    public bool Has(string name) => File.Exists(DocumentOf(name));

    /// <summary>Opens an entry.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The entry, which the caller disposes; null where there is none.</returns>
    /// <exception cref="CheckpointException">It was damaged.</exception>
    public JournalEntry? Find(string name)
    {
        string file = DocumentOf(name);
        if (!File.Exists(file))
        {
            return null;
        }

        EntryHeader header = ReadHeader(name) ?? throw Damaged(file);
        if (header.Hash != HashOf(Encoding.UTF8.GetBytes(header.Document.ToJsonString(PlainJson.Compact))))
        {
            throw Damaged(file);
        }

        return new JournalEntry(file, header.Document, header.Tensors is null ? null : OpenTensors(file, header));
    }

    /// <summary>The files of an entry: the document, and the tensors where there are some.</summary>
    /// <param name="name">Name of an entry that there is.</param>
    /// <returns>Full paths.</returns>
    public (string Document, string? Tensors) PathsOf(string name) =>
        (DocumentOf(name), ReadHeader(name)?.Tensors is { } tensors ? Path.Combine(folder, tensors) : null);

    /// <summary>Takes over an entry of another folder.</summary>
    /// <param name="name">Its name; there is none of that name here.</param>
    /// <param name="document">The content of its document.</param>
    /// <param name="writeTensors">Writes its tensors; null where it has none.</param>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public void Import(string name, byte[] document, Action<Stream>? writeTensors)
    {
        if (writeTensors is not null)
        {
            AtomicFile.Write(Path.Combine(folder, NextName(name, before: null)), writeTensors);
        }

        AtomicFile.Write(DocumentOf(name), stream => stream.Write(document));
    }

    private SafetensorsFile OpenTensors(string file, EntryHeader header)
    {
        string tensors = Path.Combine(folder, header.Tensors!);
        if (!_sound.Contains(header.Tensors!))
        {
            if (!File.Exists(tensors) || HashOf(tensors) != header.TensorsHash)
            {
                throw Damaged(file);
            }

            _sound.Add(header.Tensors!);
        }

        return SafetensorsFile.Open(tensors);
    }

    private EntryHeader? ReadHeader(string name)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(DocumentOf(name))) is JsonObject root
                && (int?)root["version"] == Version && root["document"] is JsonObject document
                ? new EntryHeader(
                    (string?)root["hash"], (string?)root["tensors"], (string?)root["tensors_hash"], document)
                : null;
        }
        catch (Exception fault) when (fault is JsonException or IOException or InvalidOperationException)
        {
            return null;
        }
    }

    // Never the name of the file that the present entry needs.
    private static string NextName(string name, string? before)
    {
        int number = before?.Split('.') is [.., var last, _]
            && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int found) ? found + 1 : 0;
        return string.Create(CultureInfo.InvariantCulture, $"{name}.{number}{TensorsEnding}");
    }

    private string DocumentOf(string name) => Path.Combine(folder, name + DocumentEnding);

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(XxHash128.Hash(content));

    private static string HashOf(string file)
    {
        var hash = new XxHash128();
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        hash.Append(stream);
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private CheckpointException Damaged(string file) => new(file, $"was damaged after it was written; {remedy}");

    private sealed record EntryHeader(string? Hash, string? Tensors, string? TensorsHash, JsonObject Document);
}
