using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Hub;

/// <summary>
/// Fetches one content into the cache. A part from an earlier try is completed; the content gets its name when it is
/// whole and its checksum is right.
/// </summary>
/// <param name="client">The connection to the Hub.</param>
/// <param name="folder">Folder of the contents.</param>
/// <param name="cancellation">Stops it; the part that was fetched stays for the next try.</param>
internal sealed class BlobDownload(HubClient client, string folder, CancellationToken cancellation)
{
    private const int BufferBytes = 1 << 17;
    private const int MostFruitless = 3;

    private static readonly TimeSpan SilenceTime = TimeSpan.FromSeconds(60);

    private readonly byte[] _buffer = new byte[BufferBytes];

    /// <summary>Whether the cache has a content.</summary>
    public bool Has(HubFile file) =>
        new FileInfo(Path.Combine(folder, file.Etag)) is { Exists: true } blob && blob.Length == file.Size;

    /// <summary>Bytes that an earlier try fetched.</summary>
    public long PartLength(HubFile file) =>
        new FileInfo(PartPath(file)) is { Exists: true } part ? Math.Min(part.Length, file.Size) : 0;

    /// <summary>Fetches a content.</summary>
    /// <param name="file">The file of the content.</param>
    /// <param name="report">Receives the number of its bytes that were fetched so far.</param>
    /// <exception cref="CheckpointException">The Hub cannot be reached or refuses, or the content is not what was
    /// promised.</exception>
    /// <exception cref="IOException">The disk is full, or another process fetches the same.</exception>
    public void Run(HubFile file, Action<long> report)
    {
        Directory.CreateDirectory(folder);
        using (FileStream part = Open(file))
        using (var checksum = new BlobChecksum(file.Etag, file.Size))
        {
            if (part.Length > file.Size)
            {
                part.SetLength(0);
            }

            ReadPart(part, checksum);
            report(part.Position);
            if (FetchRest(file, part, checksum, report) is { } problem)
            {
                part.SetLength(0);
                throw new CheckpointException(client.NameOf(file), problem);
            }

            part.Flush(flushToDisk: true);
        }

        File.Move(PartPath(file), Path.Combine(folder, file.Etag), overwrite: true);
    }

    private string PartPath(HubFile file) => Path.Combine(folder, file.Etag + ".incomplete");

    private FileStream Open(HubFile file)
    {
        try
        {
            return new FileStream(PartPath(file), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException busy) when (File.Exists(PartPath(file)))
        {
            throw new IOException(
                $"{PartPath(file)} is in use; does another process fetch {file.Name}? {busy.Message}", busy);
        }
    }

    private void ReadPart(FileStream part, BlobChecksum checksum)
    {
        part.Position = 0;
        for (int count; (count = part.Read(_buffer)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            checksum.Append(_buffer.AsSpan(0, count));
        }
    }

    /// <summary>Requests the missing bytes until there are none.</summary>
    /// <returns>The error in the content, or null.</returns>
    private string? FetchRest(HubFile file, FileStream part, BlobChecksum checksum, Action<long> report)
    {
        BlobChecksum current = checksum;
        BlobChecksum? fresh = null;
        try
        {
            for (int fruitless = 0; part.Position < file.Size;)
            {
                long before = part.Position;
                using HttpResponseMessage answer = client.Fetch(file, before, out long from);
                if (from != before)
                {
                    part.SetLength(0);
                    fresh?.Dispose();
                    current = fresh = new BlobChecksum(file.Etag, file.Size);
                }

                Copy(answer, file, part, current, report);
                fruitless = part.Position > before ? 0 : fruitless + 1;
                if (fruitless == MostFruitless)
                {
                    throw new CheckpointException(client.NameOf(file),
                        $"breaks off after {part.Position} of {file.Size} bytes; give the same command again to go on");
                }
            }

            return current.Mismatch() is { } found
                ? $"was damaged on the way: its checksum is {found}, expected {file.Etag}; give the same command again"
                : null;
        }
        finally
        {
            fresh?.Dispose();
        }
    }

    private void Copy(
        HttpResponseMessage answer, HubFile file, FileStream part, BlobChecksum checksum, Action<long> report)
    {
        try
        {
            using Stream content = answer.Content.ReadAsStream(cancellation);
            for (int count; part.Position < file.Size && (count = Read(content)) > 0;)
            {
                int wanted = (int)Math.Min(count, file.Size - part.Position);
                checksum.Append(_buffer.AsSpan(0, wanted));
                part.Write(_buffer, 0, wanted);
                report(part.Position);
            }

            part.Flush();
        }
        catch (Exception broken) when (broken is HttpRequestException or HttpIOException
            || (broken is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // The connection broke: the bytes that came are kept, and the rest is requested again.
            part.Flush();
        }
    }

    private int Read(Stream content)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(SilenceTime);
        return content.ReadAsync(_buffer, silence.Token).AsTask().GetAwaiter().GetResult();
    }
}
