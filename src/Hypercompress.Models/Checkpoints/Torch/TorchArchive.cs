using System.IO.Compression;
using System.Runtime.InteropServices;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Models.Checkpoints;

/// <summary>An open file of torch.save in its zip form. May be used from several threads; they take turns.</summary>
internal sealed class TorchArchive : IDisposable
{
    private const int MaximumPickleBytes = 1 << 30;

    private readonly FileStream _stream;
    private readonly Lock _turn = new();
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries;
    private readonly string _root;

    private TorchArchive(FileStream stream)
    {
        _stream = stream;
        _zip = new ZipArchive(stream, ZipArchiveMode.Read);
        _entries = Index(_zip);
        _root = FindRoot();
        CheckByteOrder();
    }

    /// <summary>Path of the file.</summary>
    public string Path => _stream.Name;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Path of a <c>.pt</c>, <c>.pth</c> or <c>.bin</c> file.</param>
    /// <returns>The open archive.</returns>
    /// <exception cref="CheckpointException">It cannot be opened or is no archive of torch.save.</exception>
    public static TorchArchive Open(string path)
    {
        CheckKind(path);
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return new TorchArchive(stream);
        }
        catch (Exception e)
        {
            stream?.Dispose();
            if (IsCorruption(e))
            {
                throw new CheckpointException(path, $"is not a readable zip archive: {e.Message}", e);
            }

            throw;
        }
    }

    /// <summary>Runs the pickle; tensors are placed and checked, but not read.</summary>
    /// <param name="tensor">What a tensor becomes in the result.</param>
    /// <returns>The tree of values.</returns>
    /// <exception cref="CheckpointException">
    /// The pickle is refused, or a storage is missing or of another size.
    /// </exception>
    public object? ReadTree(Func<TorchTensorNode, object> tensor) => Guarded("data.pkl", () =>
    {
        byte[] program = ReadAll(Find("data.pkl"));
        object? built = PickleMachine.Run(program);
        HashSet<TorchStorage> known = [];
        return new TorchTree(budget: 1000 + (2L * program.Length), node =>
        {
            if (known.Add(node.Storage))
            {
                CheckStorage(node.Storage);
            }

            return tensor(node);
        }).Copy(built);
    });

    /// <summary>Reads one tensor into memory of its own.</summary>
    /// <param name="node">A tensor of this archive.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <returns>A contiguous CPU tensor.</returns>
    /// <exception cref="CheckpointException">The archive cannot be read.</exception>
    public Tensor ReadTensor(TorchTensorNode node, string name)
    {
        if (node.IsRowMajor)
        {
            return ReadRange(node.Storage, node.Type, node.Offset, node.Shape.AsSpan().ToArray(), name);
        }

        using var whole = ReadStorage(node, name);
        return View(whole, node);
    }

    /// <summary>Reads the whole storage of a tensor.</summary>
    /// <param name="node">A tensor of this archive.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <returns>A CPU tensor of one dimension.</returns>
    /// <exception cref="CheckpointException">The archive cannot be read.</exception>
    public Tensor ReadStorage(TorchTensorNode node, string name) => ReadRange(
        node.Storage, node.Type, 0, [node.Storage.ByteLength / node.Type.BlockBytes], name);

    /// <summary>A tensor as part of its storage: a view where the elements lie in order, else a copy.</summary>
    /// <param name="storage">The storage in memory.</param>
    /// <param name="node">The tensor.</param>
    /// <returns>A contiguous tensor.</returns>
    public static Tensor View(Tensor storage, TorchTensorNode node)
    {
        if (node.IsRowMajor)
        {
            using var part = storage.narrow(0, node.Offset, node.ElementCount);
            return part.view(node.Shape.AsSpan().ToArray());
        }

        using var strided = storage.as_strided([.. node.Shape], [.. node.Stride], node.Offset);
        return strided.contiguous();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _zip.Dispose();
        _stream.Dispose();
    }

    private static void CheckKind(string path)
    {
        using var file = CheckpointFile.Open(path);
        Span<byte> start = stackalloc byte[4];
        if (file.Length >= start.Length)
        {
            file.ReadExactly(0, start);
        }

        if (start.SequenceEqual("PK\x03\x04"u8) || start.SequenceEqual("PK\x05\x06"u8))
        {
            return;
        }

        throw new CheckpointException(path, start[0] == 0x80
            ? "is a PyTorch file of the form before version 1.6, which is not read; "
              + "load it in PyTorch and save it again, best as safetensors"
            : "is no PyTorch checkpoint: it is not a zip archive");
    }

    private static Dictionary<string, ZipArchiveEntry> Index(ZipArchive zip)
    {
        Dictionary<string, ZipArchiveEntry> entries = new(StringComparer.Ordinal);
        foreach (var entry in zip.Entries)
        {
            if (!entries.TryAdd(entry.FullName, entry))
            {
                throw new InvalidDataException($"the entry {entry.FullName} occurs twice");
            }
        }

        return entries;
    }

    private string FindRoot()
    {
        const string file = "/data.pkl";
        string[] pickles =
        [
            .. _entries.Keys.Where(name => name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
                && name.AsSpan(slash).SequenceEqual(file)),
        ];
        return pickles.Length == 1
            ? pickles[0][..^(file.Length - 1)]
            : throw new CheckpointException(
                Path, $"is no PyTorch checkpoint: {pickles.Length} entries are named <folder>{file}, one is needed");
    }

    private void CheckByteOrder()
    {
        if (_entries.TryGetValue(_root + "byteorder", out var entry)
            && !ReadAll(entry).AsSpan().Trim("\r\n "u8).SequenceEqual("little"u8))
        {
            throw new CheckpointException(Path, "was saved on a big-endian machine; only little-endian files are read");
        }
    }

    private void CheckStorage(TorchStorage storage)
    {
        var entry = Find("data/" + storage.Key);
        if (entry.Length != storage.ByteLength)
        {
            throw new PickleException(
                $"storage {storage.Key} has {entry.Length} bytes, but {storage.ByteLength} are declared");
        }

        CheckLength(entry);
    }

    private ZipArchiveEntry Find(string name) => _entries.GetValueOrDefault(_root + name)
        ?? throw new CheckpointException(Path, $"the entry {_root}{name} is missing");

    private byte[] ReadAll(ZipArchiveEntry entry)
    {
        if (entry.Length > MaximumPickleBytes)
        {
            throw new InvalidDataException($"{entry.FullName} is too large: {entry.Length} bytes");
        }

        CheckLength(entry);
        byte[] bytes = new byte[entry.Length];
        using var content = entry.Open();
        content.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>A length that is only claimed must not decide how much memory is asked for.</summary>
    private void CheckLength(ZipArchiveEntry entry)
    {
        if (entry.Length == entry.CompressedLength && entry.Length <= _stream.Length)
        {
            return;
        }

        byte[] scratch = new byte[1 << 16];
        long length = 0;
        using var content = entry.Open();
        for (int count = 1; count > 0 && length <= entry.Length; length += count)
        {
            count = content.Read(scratch);
        }

        if (length != entry.Length)
        {
            throw new InvalidDataException($"{entry.FullName} has not the {entry.Length} bytes that it claims");
        }
    }

    private Tensor ReadRange(TorchStorage storage, StoredType type, long first, long[] shape, string name) =>
        Guarded($"tensor '{name}'", () =>
        {
            using var content = Find("data/" + storage.Key).Open();
            Skip(content, first * type.BlockBytes);
            return type.Read(shape, (_, destination) => content.ReadExactly(destination));
        });

    private static void Skip(Stream stream, long count)
    {
        if (stream.CanSeek)
        {
            stream.Seek(count, SeekOrigin.Current);
            return;
        }

        byte[] scratch = new byte[Math.Min(count, 1 << 16)];
        while (count > 0)
        {
            int part = (int)Math.Min(count, scratch.Length);
            stream.ReadExactly(scratch.AsSpan(0, part));
            count -= part;
        }
    }

    private T Guarded<T>(string what, Func<T> read)
    {
        lock (_turn)
        {
            try
            {
                return read();
            }
            catch (Exception e) when (e is PickleException or ExternalException or OverflowException || IsCorruption(e))
            {
                throw new CheckpointException(Path, $"{what} cannot be read: {e.Message}", e);
            }
        }
    }

    private static bool IsCorruption(Exception e) =>
        e is InvalidDataException or IOException or UnauthorizedAccessException or NotSupportedException;
}
