using System.Buffers;
using static TorchSharp.torch;

namespace Hypercompress.Models.Checkpoints;

/// <summary>How a checkpoint format stores the elements of a tensor, and what they become in memory.</summary>
/// <param name="Name">The format's own spelling: <c>F32</c>, <c>Q4_K</c>, ….</param>
/// <param name="BlockElements">Elements that are stored together; 1 for plain types.</param>
/// <param name="BlockBytes">Bytes of that many elements.</param>
/// <param name="Result">The torch type of what is read; null when the type is known but cannot be read.</param>
/// <param name="Decoder">Widens the stored blocks; null when the stored bytes are the values.</param>
internal sealed record StoredType(
    string Name, int BlockElements, int BlockBytes, ScalarType? Result, BlockDecoder? Decoder = null)
{
    // A multiple of every block size, small enough for the processor's cache.
    private const int DecodedElementsAtOnce = 1 << 18;

    /// <summary>Bytes of a tensor of this type.</summary>
    /// <param name="shape">Dimensions, none negative.</param>
    /// <returns>The bytes, or null when the elements are not a whole number of blocks.</returns>
    /// <exception cref="OverflowException">More bytes than a 64-bit number holds.</exception>
    public long? ByteLength(ReadOnlySpan<long> shape)
    {
        long elements = 1;
        foreach (long size in shape)
        {
            elements = checked(elements * size);
        }

        return elements % BlockElements == 0 ? checked(elements / BlockElements * BlockBytes) : null;
    }

    /// <summary>Reads a tensor into memory of its own.</summary>
    /// <param name="shape">Its dimensions, already checked against the bytes that are there.</param>
    /// <param name="read">Gives its bytes.</param>
    /// <returns>A contiguous CPU tensor of type <see cref="Result"/>; the caller disposes it.</returns>
    /// <exception cref="NotSupportedException">The type cannot be read.</exception>
    /// <exception cref="OverflowException">A value does not fit the type it is widened to.</exception>
    public Tensor Read(ReadOnlySpan<long> shape, ChunkAction read)
    {
        var result = Result ?? throw new NotSupportedException($"values of type {Name} cannot be read");
        var tensor = empty(shape, dtype: result, device: CPU);
        try
        {
            if (Decoder is null)
            {
                TensorBytes.ForEachChunk(tensor, TensorBytes.LargestChunk, read);
            }
            else
            {
                Decode(tensor, Decoder, read);
            }

            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    private void Decode(Tensor tensor, BlockDecoder decoder, ChunkAction read)
    {
        int width = (int)tensor.element_size();
        int bufferBytes = (int)(Math.Min(tensor.numel(), DecodedElementsAtOnce) / BlockElements) * BlockBytes;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(bufferBytes);
        try
        {
            TensorBytes.ForEachChunk(tensor, (long)DecodedElementsAtOnce * width, (offset, bytes) =>
            {
                long firstBlock = offset / width / BlockElements;
                var stored = buffer.AsSpan(0, bytes.Length / width / BlockElements * BlockBytes);
                read(firstBlock * BlockBytes, stored);
                decoder.Decode(stored, bytes);
            });
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
