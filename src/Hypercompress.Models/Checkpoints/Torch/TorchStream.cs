using System.Buffers.Binary;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>
/// The form of torch.save before PyTorch 1.6: pickles one after the other (magic number, version, machine, object, keys
/// of the storages), then the storages in the order of their keys, each with its number of elements in front.
/// </summary>
/// <param name="stream">The file; owned from here on.</param>
internal sealed class TorchStream(FileStream stream) : ITorchContainer
{
    private const long Version = 1001;

    // Pickles of the magic number 0x1950a86a20f9469cfc6c and of nothing else begin a file like this.
    private static ReadOnlySpan<byte> Magic =>
    [
        0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.',
    ];

    private readonly Dictionary<string, TorchStorage> _declared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _starts = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public MemoryBudget Budget { get; } = new(stream.Length);

    /// <summary>Whether a file is of this form.</summary>
    /// <param name="start">Its first bytes, up to 15 of them.</param>
    /// <returns>True when it begins with the magic number.</returns>
    public static bool Begins(ReadOnlySpan<byte> start) => start.SequenceEqual(Magic);

    /// <summary>How many bytes <see cref="Begins"/> needs.</summary>
    public static int MagicBytes => Magic.Length;

    /// <inheritdoc/>
    public object? Build()
    {
        stream.Position = Magic.Length;
        CheckMachine();
        object? built = PickleMachine.Run(stream, Budget, storage => _declared[storage.Key] = storage);
        PlaceStorages();
        return built;
    }

    /// <inheritdoc/>
    public void Check(TorchStorage storage)
    {
        if (!_starts.ContainsKey(storage.Key))
        {
            throw new CheckpointException(stream.Name, $"storage {storage.Key} is missing");
        }

        if (_declared[storage.Key] != storage)
        {
            throw new PickleException($"storage {storage.Key} is declared twice, and differently");
        }
    }

    /// <inheritdoc/>
    public Stream Open(TorchStorage storage)
    {
        var file = new FileStream(stream.Name, FileMode.Open, FileAccess.Read, FileShare.Read);
        file.Position = _starts[storage.Key];
        return file;
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private void CheckMachine()
    {
        if (PickleMachine.Run(stream, Budget) is not Version)
        {
            throw new PickleException($"the version of the format is not {Version}");
        }

        if (PickleMachine.Run(stream, Budget) is not Dictionary<string, object?> machine
            || machine.GetValueOrDefault("little_endian") is not true)
        {
            throw new CheckpointException(
                stream.Name, "was saved on a big-endian machine; only little-endian files are read");
        }
    }

    private void PlaceStorages()
    {
        if (PickleMachine.Run(stream, Budget) is not List<object?> keys)
        {
            throw new PickleException("the keys of the storages are not a list");
        }

        Span<byte> count = stackalloc byte[sizeof(long)];
        foreach (object? key in keys)
        {
            if (key is not string name || !_declared.TryGetValue(name, out TorchStorage? storage))
            {
                throw new PickleException($"nothing points to the storage {key}");
            }

            stream.ReadExactly(count);
            if (BinaryPrimitives.ReadInt64LittleEndian(count) != storage.Count
                || storage.ByteLength > stream.Length - stream.Position)
            {
                throw new PickleException($"storage {name} has not the {storage.Count} elements that are declared");
            }

            _starts[name] = stream.Position;
            stream.Position += storage.ByteLength;
        }
    }
}
