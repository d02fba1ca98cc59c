using System.Runtime.InteropServices;

namespace Hypercompress.Models.Checkpoints;

/// <summary>
/// Bytes outside the garbage collector's heap, which go back when they are no longer needed: what is read once and
/// packed must not stay until the next collection.
/// </summary>
/// <param name="length">How many.</param>
internal sealed unsafe class NativeBuffer(int length) : IDisposable
{
    private void* _start = NativeMemory.Alloc((nuint)int.Max(length, 1));

    /// <summary>Frees the memory of an object that nobody has disposed.</summary>
    ~NativeBuffer() => Free();

    /// <summary>The bytes.</summary>
    /// <exception cref="ObjectDisposedException">They were freed.</exception>
    public Span<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_start is null, this);
            return new Span<byte>(_start, length);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.Free(_start);
        _start = null;
    }
}
