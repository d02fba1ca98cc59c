using System.Runtime.InteropServices;
using Hypercompress.Processes;

namespace Hypercompress.Journal;

/// <summary>Gives entries of one process to all others.</summary>
/// <param name="processes">The processes.</param>
internal sealed class EntryExchange(IProcessGroup processes)
{
    private const int ChunkBytes = 16 << 20;
    private const long None = -1;

    /// <summary>Gives an entry to all others, which call <see cref="Receive"/> meanwhile.</summary>
    /// <param name="files">The entries of this process.</param>
    /// <param name="name">Name of the entry.</param>
    public void Send(EntryFiles files, string name)
    {
        (string documentFile, string? tensors) = files.PathsOf(name);
        byte[] document = File.ReadAllBytes(documentFile);
        using FileStream? stream = tensors is null
            ? null
            : new FileStream(tensors, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        Lengths(document.Length, stream?.Length ?? None, processes.Rank);
        processes.Broadcast(document, processes.Rank);
        if (stream is not null)
        {
            Pass(stream.Length, processes.Rank, chunk => stream.ReadExactly(chunk.Span), after: null);
        }
    }

    /// <summary>Takes an entry from another process.</summary>
    /// <param name="files">The entries of this process, which get it.</param>
    /// <param name="name">Name of the entry.</param>
    /// <param name="from">The process that sends it.</param>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public void Receive(EntryFiles files, string name, int from)
    {
        (long documentBytes, long tensorBytes) = Lengths(None, None, from);
        byte[] document = new byte[documentBytes];
        processes.Broadcast(document, from);
        files.Import(name, document, tensorBytes == None
            ? null
            : stream => Pass(tensorBytes, from, before: null, chunk => stream.Write(chunk.Span)));
    }

    private (long Document, long Tensors) Lengths(long document, long tensors, int from)
    {
        long[] lengths = [document, tensors];
        processes.Broadcast(MemoryMarshal.AsBytes(lengths.AsSpan()), from);
        return (lengths[0], lengths[1]);
    }

    private void Pass(long bytes, int from, Action<Memory<byte>>? before, Action<Memory<byte>>? after)
    {
        byte[] buffer = new byte[long.Min(ChunkBytes, bytes)];
        for (long done = 0; done < bytes; done += buffer.Length)
        {
            Memory<byte> chunk = buffer.AsMemory(0, (int)long.Min(buffer.Length, bytes - done));
            before?.Invoke(chunk);
            processes.Broadcast(chunk.Span, from);
            after?.Invoke(chunk);
        }
    }
}
