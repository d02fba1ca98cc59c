using static TorchSharp.torch;

namespace Hypercompress.Analysis.Moments;

/// <summary>
/// Keeps tensors out of memory: a file in the system's folder for temporary files (<c>TMPDIR</c>) that is made with the
/// first tensor and gone with this object. Not safe for several threads.
/// </summary>
internal sealed class ScratchFile : IDisposable
{
    private const long ChunkBytes = 16L << 20;
    private FileStream? _stream;
    private string? _folder;

    /// <summary>Appends the values of a tensor.</summary>
    /// <param name="values">float64 [rows, columns].</param>
    /// <returns>Where they begin.</returns>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written to.</exception>
    internal long Append(Tensor values)
    {
        _stream ??= Open();
        long place = _stream.Length;
        _stream.Position = place;
        using var scope = NewDisposeScope();
        Tensor stored = values.cpu().contiguous();
        foreach ((long first, long count) in Chunks(stored.shape))
        {
            using Tensor chunk = stored.narrow(0, first, count);
            _stream.Write(chunk.bytes);
        }

        return place;
    }

    /// <summary>Reads a tensor back.</summary>
    /// <param name="place">What <see cref="Append"/> returned.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <returns>float64 [rows, columns] on the CPU, in the caller's scope.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal Tensor Read(long place, long rows, long columns)
    {
        _stream!.Position = place;
        Tensor values = empty(rows, columns, dtype: ScalarType.Float64);
        foreach ((long first, long count) in Chunks(values.shape))
        {
            using Tensor chunk = values.narrow(0, first, count);
            _stream.ReadExactly(chunk.bytes);
        }

        return values;
    }

    /// <summary>Removes the file.</summary>
    public void Dispose()
    {
        _stream?.Dispose();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    // Where an open file can lose its name it does at once, so that nothing stays behind whatever ends the process.
    private FileStream Open()
    {
        _folder = Directory.CreateTempSubdirectory("hypercompress-").FullName;
        var stream = new FileStream(
            Path.Combine(_folder, "scratch"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        if (!OperatingSystem.IsWindows())
        {
            Directory.Delete(_folder, recursive: true);
        }

        return stream;
    }

    // A span holds fewer bytes than a large tensor has.
    private static IEnumerable<(long First, long Count)> Chunks(long[] shape)
    {
        long each = long.Max(1, ChunkBytes / long.Max(1, shape[1] * sizeof(double)));
        for (long first = 0; first < shape[0]; first += each)
        {
            yield return (first, long.Min(each, shape[0] - first));
        }
    }
}
