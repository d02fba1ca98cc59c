using System.IO.Compression;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>The form of torch.save since PyTorch 1.6: a zip archive.</summary>
internal sealed class TorchZip : ITorchContainer
{
    // Weights hardly compress: what grows more than this is made to fill the memory.
    private const int LargestGrowth = 8;

    private const long EntryCost = 512;

    private readonly FileStream _stream;
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries;
    private readonly string _root;

    /// <summary>Reads the directory of an archive.</summary>
    /// <param name="stream">The file; owned from here on when this does not fail.</param>
    /// <exception cref="InvalidDataException">It is not a zip archive.</exception>
    /// <exception cref="CheckpointException">It is one of another kind.</exception>
    public TorchZip(FileStream stream)
    {
        _stream = stream;
        Budget = new MemoryBudget(stream.Length);
        if (!Budget.Take(EntryCost * ZipDirectory.CountEntries(stream)))
        {
            throw new InvalidDataException("it has more entries than a file of its size may");
        }

        _zip = new ZipArchive(stream, ZipArchiveMode.Read);
        _entries = Index(_zip);
        RequireModest();
        _root = FindRoot();
        CheckByteOrder();
    }

    /// <inheritdoc/>
    public MemoryBudget Budget { get; }

    /// <inheritdoc/>
    public object? Build()
    {
        byte[] program = ReadAll(Find("data.pkl"));
        using var stream = new MemoryStream(program, writable: false);
        return PickleMachine.Run(stream, Budget);
    }

    /// <inheritdoc/>
    public void Check(TorchStorage storage)
    {
        ZipArchiveEntry entry = Find("data/" + storage.Key);
        if (entry.Length != storage.ByteLength)
        {
            throw new PickleException(
                $"storage {storage.Key} has {entry.Length} bytes, but {storage.ByteLength} are declared");
        }

        CheckLength(entry);
    }

    /// <inheritdoc/>
    public Stream Open(TorchStorage storage) => Find("data/" + storage.Key).Open();

    /// <inheritdoc/>
    public void Dispose()
    {
        _zip.Dispose();
        _stream.Dispose();
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

    /// <summary>Entries must not share bytes of the file, nor be compressed as no weights are.</summary>
    private void RequireModest()
    {
        long stored = _entries.Values.Sum(entry => entry.CompressedLength);
        long length = _entries.Values.Sum(entry => entry.Length);
        if (stored > _stream.Length || length > MemoryBudget.Base + (LargestGrowth * _stream.Length))
        {
            throw new InvalidDataException(
                $"its entries claim {length} bytes in a file of {_stream.Length}; pack it again without compression");
        }
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
                _stream.Name,
                $"is a zip archive, but not a PyTorch checkpoint: {pickles.Length} entries are named <folder>{file}, "
                    + "one is needed; if it holds the files of a model, unpack it");
    }

    private void CheckByteOrder()
    {
        if (_entries.TryGetValue(_root + "byteorder", out var entry)
            && !ReadAll(entry).AsSpan().Trim("\r\n "u8).SequenceEqual("little"u8))
        {
            throw new CheckpointException(
                _stream.Name, "was saved on a big-endian machine; only little-endian files are read");
        }
    }

    private ZipArchiveEntry Find(string name) => _entries.GetValueOrDefault(_root + name)
        ?? throw new CheckpointException(_stream.Name, $"the entry {_root}{name} is missing");

    private byte[] ReadAll(ZipArchiveEntry entry)
    {
        if (entry.Length > Array.MaxLength || !Budget.Take(entry.Length))
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
}
