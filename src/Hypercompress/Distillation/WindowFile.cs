using System.Buffers.Binary;
using System.IO.Hashing;

namespace Hypercompress.Distillation;

/// <summary>
/// A file of records of one length, each with the hash of the window that it is of and a hash of its content. Records
/// are only ever appended; one that was cut off when a process died is overwritten.
/// </summary>
internal sealed class WindowFile : IDisposable
{
    private const int HashBytes = 16;
    private const int SumBytes = sizeof(ulong);

    private readonly Dictionary<UInt128, long> _records = [];
    private readonly FileStream _stream;

    private WindowFile(FileStream stream, PredictionLayout layout)
    {
        (_stream, Layout) = (stream, layout);
        Span<byte> hash = stackalloc byte[HashBytes];
        for (long at = 0; at + RecordBytes <= stream.Length; at += RecordBytes)
        {
            stream.Position = at;
            stream.ReadExactly(hash);
            _records.TryAdd(BinaryPrimitives.ReadUInt128LittleEndian(hash), at);
        }
    }

    /// <summary>How a record is written.</summary>
    public PredictionLayout Layout { get; }

    private int RecordBytes => HashBytes + Layout.WindowBytes + SumBytes;

    /// <summary>Opens a file, or begins it.</summary>
    /// <param name="path">
    /// The file. Where another process writes to it, it is read as it is and nothing is added.
    /// </param>
    /// <param name="layout">How a record is written.</param>
    /// <returns>The file; the caller disposes it.</returns>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static WindowFile Open(string path, PredictionLayout layout)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (IOException) when (File.Exists(path))
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }

        return new WindowFile(stream, layout);
    }

    /// <summary>Recognises a window.</summary>
    /// <param name="window">Its tokens.</param>
    /// <returns>A hash.</returns>
    public static UInt128 HashOf(ReadOnlySpan<byte> window) => XxHash128.HashToUInt128(window);

    /// <summary>Looks for a record.</summary>
    /// <param name="hash">Of its window.</param>
    /// <returns>Its content; null where there is none, or where it is damaged.</returns>
    public byte[]? Find(UInt128 hash)
    {
        if (!_records.TryGetValue(hash, out long at))
        {
            return null;
        }

        byte[] content = new byte[Layout.WindowBytes];
        Span<byte> sum = stackalloc byte[SumBytes];
        _stream.Position = at + HashBytes;
        _stream.ReadExactly(content);
        _stream.ReadExactly(sum);
        return XxHash64.HashToUInt64(content) == BinaryPrimitives.ReadUInt64LittleEndian(sum) ? content : null;
    }

    /// <summary>Appends a record, or writes a damaged one anew.</summary>
    /// <param name="hash">Of its window.</param>
    /// <param name="content">Its content.</param>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public void Add(UInt128 hash, ReadOnlySpan<byte> content)
    {
        if (!_stream.CanWrite)
        {
            return;
        }

        Span<byte> name = stackalloc byte[HashBytes];
        Span<byte> sum = stackalloc byte[SumBytes];
        BinaryPrimitives.WriteUInt128LittleEndian(name, hash);
        BinaryPrimitives.WriteUInt64LittleEndian(sum, XxHash64.HashToUInt64(content));
        long at = _records.TryGetValue(hash, out long damaged) ? damaged : _stream.Length / RecordBytes * RecordBytes;
        _stream.Position = at;
        _stream.Write(name);
        _stream.Write(content);
        _stream.Write(sum);
        _records[hash] = at;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
