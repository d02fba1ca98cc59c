using Hypercompress.Models.Errors;
using Microsoft.Win32.SafeHandles;

namespace Hypercompress.Models.Checkpoints;

/// <summary>
/// A checkpoint file opened for reading at any offset, from any number of threads. It is read by position and not
/// mapped: a file that shrinks under a map kills the process, and mapped pages count as the process's own memory.
/// </summary>
internal sealed class CheckpointFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    private CheckpointFile(string path, SafeFileHandle handle) =>
        (Path, _handle, Length) = (path, handle, RandomAccess.GetLength(handle));

    /// <summary>Path as it was given.</summary>
    public string Path { get; }

    /// <summary>Bytes of the file when it was opened.</summary>
    public long Length { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="CheckpointException">It is missing, a folder, or may not be read.</exception>
    public static CheckpointFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return new CheckpointFile(path, File.OpenHandle(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new CheckpointException(path, ReadFault.Describe(path, e), e);
        }
    }

    /// <summary>Reads bytes at an offset.</summary>
    /// <param name="offset">Bytes from the start of the file.</param>
    /// <param name="destination">Filled completely.</param>
    /// <exception cref="CheckpointException">The file ends before, or the disk fails.</exception>
    public void ReadExactly(long offset, Span<byte> destination)
    {
        try
        {
            while (destination.Length > 0)
            {
                int count = RandomAccess.Read(_handle, destination, offset);
                if (count == 0)
                {
                    throw new CheckpointException(
                        Path,
                        $"ends at byte {offset}, {destination.Length} bytes too early; copy or download it again");
                }

                destination = destination[count..];
                offset += count;
            }
        }
        catch (IOException e)
        {
            throw new CheckpointException(Path, $"cannot be read at byte {offset}: {e.Message}", e);
        }
    }

    /// <summary>Reads what <see cref="ForeignContent"/> looks at.</summary>
    /// <returns>The first bytes of the file.</returns>
    /// <exception cref="CheckpointException">The disk fails.</exception>
    public byte[] ReadStart()
    {
        byte[] start = new byte[long.Min(ForeignContent.NeededBytes, Length)];
        ReadExactly(0, start);
        return start;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _handle.Dispose();
}
