using System.Runtime.InteropServices;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>
/// An open file of torch.save, in its zip form or in the form before it. May be used from several threads; they take
/// turns.
/// </summary>
internal sealed class TorchArchive : IDisposable
{
    private readonly ITorchContainer _container;
    private readonly Lock _turn = new();

    private TorchArchive(string path, ITorchContainer container) => (Path, _container) = (path, container);

    /// <summary>Path of the file.</summary>
    public string Path { get; }

    /// <summary>The budget of the pickle and of everything that is made of it.</summary>
    public MemoryBudget Budget => _container.Budget;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Path of a <c>.pt</c>, <c>.pth</c> or <c>.bin</c> file.</param>
    /// <returns>The open archive.</returns>
    /// <exception cref="CheckpointException">It cannot be opened or is not an archive of torch.save.</exception>
    public static TorchArchive Open(string path)
    {
        bool isZip = IsZip(path);
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return new TorchArchive(path, isZip ? new TorchZip(stream) : new TorchStream(stream));
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
    public object? ReadTree(Func<TorchTensorNode, object> tensor) => Guarded("the pickle", () =>
    {
        object? built = _container.Build();
        HashSet<TorchStorage> known = [];
        return new TorchTree(_container.Budget, node =>
        {
            if (known.Add(node.Storage))
            {
                _container.Check(node.Storage);
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
    public void Dispose() => _container.Dispose();

    private static bool IsZip(string path)
    {
        using var file = CheckpointFile.Open(path);
        ReadOnlySpan<byte> start = file.ReadStart();
        bool isZip = start.StartsWith("PK\x03\x04"u8) || start.StartsWith("PK\x05\x06"u8);
        return isZip || TorchStream.Begins(start[..Math.Min(start.Length, TorchStream.MagicBytes)])
            ? isZip
            : throw new CheckpointException(
                path,
                (start is [0x80, ..] ? null : ForeignContent.DescribeWeights(start))
                    ?? "is not a PyTorch checkpoint: it is neither a zip archive nor of the form before PyTorch 1.6");
    }

    private Tensor ReadRange(TorchStorage storage, StoredType type, long first, long[] shape, string name) =>
        Guarded($"tensor '{name}'", () =>
        {
            using var content = _container.Open(storage);
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
