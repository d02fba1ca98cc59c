using System.Runtime.InteropServices;

namespace Hypercompress.Models.Kernels;

/// <summary>
/// Memory outside the garbage collector's, at a multiple of 64 bytes, with room to read past its end.
/// </summary>
internal sealed unsafe class AlignedMemory : IDisposable
{
    private const int Alignment = 64;
    private void* _block;

    /// <summary>Reserves memory, all zero.</summary>
    /// <param name="bytes">How many bytes; 0 is allowed.</param>
    /// <exception cref="OutOfMemoryException">There is not as much.</exception>
    public AlignedMemory(long bytes)
        : this(bytes, isZeroed: true)
    {
    }

    // Not an aligned block: glibc before 2.38 does not find those again among the freed ones of its heap.
    private AlignedMemory(long bytes, bool isZeroed)
    {
        var room = (nuint)(bytes + (2 * Alignment));
        _block = isZeroed ? NativeMemory.AllocZeroed(room) : NativeMemory.Alloc(room);
        ByteCount = bytes;
    }

    /// <summary>Frees the memory of an object that nobody has disposed.</summary>
    ~AlignedMemory() => Free();

    /// <summary>Bytes that were asked for.</summary>
    public long ByteCount { get; }

    /// <summary>Reserves memory for values.</summary>
    /// <typeparam name="T">Their type.</typeparam>
    /// <param name="count">How many.</param>
    public static AlignedMemory Of<T>(long count)
        where T : unmanaged => new(count * sizeof(T));

    /// <summary>Reserves memory that is written before it is read.</summary>
    /// <param name="bytes">How many bytes.</param>
    public static AlignedMemory Unfilled(long bytes) => new(bytes, isZeroed: false);

    /// <summary>Where it begins.</summary>
    /// <typeparam name="T">What it is read as.</typeparam>
    /// <exception cref="ObjectDisposedException">It was freed.</exception>
    public T* As<T>()
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_block is null, this);
        return (T*)(((nuint)_block + Alignment - 1) & ~(nuint)(Alignment - 1));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.Free(_block);
        _block = null;
    }
}
