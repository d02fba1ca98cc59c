using Hypercompress.Models.Kernels;

namespace Hypercompress.Models.Inference.Numerics;

/// <summary>Room for the vectors of a pass, one after the other; grows with the longest pass.</summary>
/// <param name="width">Numbers of a vector.</param>
internal sealed unsafe class PassBuffer(int width) : IDisposable
{
    private AlignedMemory _memory = new(0);

    /// <summary>Numbers of a vector.</summary>
    public int Width => width;

    /// <summary>The first vector.</summary>
    public float* Start => _memory.As<float>();

    /// <summary>A vector.</summary>
    /// <param name="index">0-based.</param>
    public float* At(int index) => Start + ((long)index * width);

    /// <summary>Makes room; what was there is lost when there was too little.</summary>
    /// <param name="count">Number of vectors.</param>
    public void Reserve(int count)
    {
        long bytes = (long)count * width * sizeof(float);
        if (_memory.ByteCount < bytes)
        {
            _memory.Dispose();
            _memory = new AlignedMemory(bytes);
        }
    }

    /// <summary>Frees the room until more is asked for.</summary>
    public void Release()
    {
        _memory.Dispose();
        _memory = new AlignedMemory(0);
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
