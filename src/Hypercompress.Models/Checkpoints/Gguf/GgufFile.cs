using System.Runtime.InteropServices;
using Hypercompress.Models.Errors;
using TorchSharp;

namespace Hypercompress.Models.Checkpoints.Gguf;

/// <summary>
/// A GGUF file of version 2 or 3. Tensors keep their GGUF names and have their shapes in PyTorch's order ([out, in] for
/// a linear weight); rows that a converter permuted stay permuted. May be used from several threads at once.
/// </summary>
public sealed class GgufFile : ITensorSource
{
    private const int ComparedBytes = 1 << 20;

    private readonly CheckpointFile _file;
    private readonly GgufHead _head;

    private GgufFile(CheckpointFile file)
    {
        _file = file;
        _head = new GgufHeadParser(file).Parse();
        Tensors = _head.Entries.ToDictionary(pair => pair.Key, pair => pair.Value.Info, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>The key-value pairs: architecture, hyperparameters, tokenizer.</summary>
    public GgufMetadata Metadata => _head.Metadata;

    /// <summary>Version of the format: 2 or 3.</summary>
    public int Version => _head.Version;

    /// <summary>Opens a file and checks everything that stands before the data.</summary>
    /// <param name="path">Path of a <c>.gguf</c> file.</param>
    /// <returns>The open file; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">
    /// The file cannot be opened, breaks a rule of the format, is big-endian or of another version, or holds a tensor
    /// of a type that cannot be read.
    /// </exception>
    public static GgufFile Open(string path)
    {
        var file = CheckpointFile.Open(path);
        try
        {
            return new GgufFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="CheckpointException">No tensor has that name, or the file cannot be read.</exception>
    public torch.Tensor Read(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!_head.Entries.TryGetValue(name, out var entry))
        {
            throw new CheckpointException(_file.Path, $"has no tensor '{name}'");
        }

        try
        {
            return entry.Type.Read(
                entry.Info.Shape.AsSpan(),
                (offset, destination) => _file.ReadExactly(entry.Start + offset, destination));
        }
        catch (ExternalException e)
        {
            throw new CheckpointException(_file.Path, $"tensor '{name}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Whether two tensors are stored alike, byte by byte.</summary>
    /// <param name="first">A key of <see cref="Tensors"/>.</param>
    /// <param name="second">Another.</param>
    /// <returns>False also when types or shapes differ.</returns>
    /// <exception cref="CheckpointException">The file cannot be read.</exception>
    internal bool AreEqual(string first, string second)
    {
        (GgufEntry one, GgufEntry other) = (_head.Entries[first], _head.Entries[second]);
        if (one.Type != other.Type || !one.Info.Shape.SequenceEqual(other.Info.Shape))
        {
            return false;
        }

        byte[] left = new byte[int.CreateSaturating(long.Min(one.Info.ByteLength, ComparedBytes))];
        byte[] right = new byte[left.Length];
        for (long offset = 0; offset < one.Info.ByteLength; offset += left.Length)
        {
            int count = (int)long.Min(left.Length, one.Info.ByteLength - offset);
            _file.ReadExactly(one.Start + offset, left.AsSpan(0, count));
            _file.ReadExactly(other.Start + offset, right.AsSpan(0, count));
            if (!left.AsSpan(0, count).SequenceEqual(right.AsSpan(0, count)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Closes the file; tensors that were read stay valid.</summary>
    public void Dispose() => _file.Dispose();
}
