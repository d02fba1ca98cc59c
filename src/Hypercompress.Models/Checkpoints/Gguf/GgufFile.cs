using System.Runtime.InteropServices;
using Hypercompress.Models.Errors;
using TorchSharp;

namespace Hypercompress.Models.Checkpoints.Gguf;

/// <summary>
/// A GGUF file of version 2 or 3, or all parts of a model that is split into several. Tensors keep their GGUF names and
/// have their shapes in PyTorch's order ([out, in] for a linear weight); rows that a converter permuted stay permuted.
/// May be used from several threads at once.
/// </summary>
public sealed class GgufFile : ITensorSource, IStoredRows
{
    private const int ComparedBytes = 1 << 20;

    private readonly IReadOnlyList<CheckpointFile> _files;
    private readonly Dictionary<string, GgufEntry> _entries = new(StringComparer.Ordinal);

    private GgufFile(IReadOnlyList<CheckpointFile> files, IReadOnlyList<GgufHead> heads)
    {
        _files = files;
        (Metadata, Version) = (heads[0].Metadata, heads[0].Version);
        foreach (GgufEntry entry in heads.SelectMany(head => head.Entries.Values))
        {
            if (!_entries.TryAdd(entry.Info.Name, entry))
            {
                throw new CheckpointException(
                    entry.Info.File, $"has the tensor '{entry.Info.Name}', which another part has too");
            }
        }

        Tensors = _entries.ToDictionary(pair => pair.Key, pair => pair.Value.Info, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>
    /// The key-value pairs: architecture, hyperparameters, tokenizer. Of the first part when there are more.
    /// </summary>
    public GgufMetadata Metadata { get; }

    /// <summary>Version of the format: 2 or 3.</summary>
    public int Version { get; }

    /// <summary>
    /// Opens a file, and the other parts of its model, and checks everything that is before the data.
    /// </summary>
    /// <param name="path">Path of a <c>.gguf</c> file; of any part when the model is split.</param>
    /// <returns>The open file; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">
    /// The file cannot be opened, breaks a rule of the format, is big-endian or of another version, or holds a tensor
    /// of a type that cannot be read; a part of the model is missing.
    /// </exception>
    public static GgufFile Open(string path)
    {
        List<CheckpointFile> files = [];
        try
        {
            GgufHead given = OpenHead(path, files);
            IReadOnlyList<string> paths = GgufParts.Paths(path, given.Metadata);
            GgufHead[] heads = paths.Count == 1 ? [given] : [.. paths.Select(part => OpenHead(part, files))];
            return new GgufFile(files, heads);
        }
        catch
        {
            files.ForEach(file => file.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="CheckpointException">No tensor has that name, or the file cannot be read.</exception>
    public torch.Tensor Read(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!_entries.TryGetValue(name, out var entry))
        {
            throw new CheckpointException(_files[0].Path, $"has no tensor '{name}'");
        }

        try
        {
            return entry.Type.Read(
                entry.Info.Shape.AsSpan(),
                (offset, destination) => entry.File.ReadExactly(entry.Start + offset, destination));
        }
        catch (ExternalException e)
        {
            throw new CheckpointException(entry.File.Path, $"tensor '{name}' cannot be read: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public bool TryReadBytes(string name, Span<byte> target)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!_entries.TryGetValue(name, out GgufEntry? entry))
        {
            throw new CheckpointException(_files[0].Path, $"has no tensor '{name}'");
        }

        entry.File.ReadExactly(entry.Start, target[..checked((int)entry.Info.ByteLength)]);
        return true;
    }

    /// <inheritdoc/>
    StoredRows? IStoredRows.Rows(string name)
    {
        if (!_entries.TryGetValue(name, out GgufEntry? entry) || entry.Info.Shape.Length != 2
            || entry.Type.BlockElements == 1 || entry.Info.Shape[1] % entry.Type.BlockElements != 0
            || entry.Info.ByteLength > Array.MaxLength)
        {
            return null;
        }

        int length = (int)entry.Info.ByteLength;
        var data = new NativeBuffer(length);
        try
        {
            entry.File.ReadExactly(entry.Start, data.Bytes);
            return new StoredRows(entry.Type.Name, length / checked((int)entry.Info.Shape[0]), data);
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    /// <summary>Whether two tensors are stored alike, byte by byte.</summary>
    /// <param name="first">A key of <see cref="Tensors"/>.</param>
    /// <param name="second">Another.</param>
    /// <returns>False also when types or shapes differ.</returns>
    /// <exception cref="CheckpointException">The file cannot be read.</exception>
    internal bool AreEqual(string first, string second)
    {
        (GgufEntry one, GgufEntry other) = (_entries[first], _entries[second]);
        if (one.Type != other.Type || !one.Info.Shape.SequenceEqual(other.Info.Shape))
        {
            return false;
        }

        byte[] left = new byte[int.CreateSaturating(long.Min(one.Info.ByteLength, ComparedBytes))];
        byte[] right = new byte[left.Length];
        for (long offset = 0; offset < one.Info.ByteLength; offset += left.Length)
        {
            int count = (int)long.Min(left.Length, one.Info.ByteLength - offset);
            one.File.ReadExactly(one.Start + offset, left.AsSpan(0, count));
            other.File.ReadExactly(other.Start + offset, right.AsSpan(0, count));
            if (!left.AsSpan(0, count).SequenceEqual(right.AsSpan(0, count)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Closes the file; tensors that were read stay valid.</summary>
    public void Dispose()
    {
        foreach (CheckpointFile file in _files)
        {
            file.Dispose();
        }
    }

    private static GgufHead OpenHead(string path, List<CheckpointFile> files)
    {
        files.Add(CheckpointFile.Open(path));
        return new GgufHeadParser(files[^1]).Parse();
    }
}
