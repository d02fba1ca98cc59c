using System.Buffers.Binary;

namespace Hypercompress.NumberFormats.Blocks.Packing;

/// <summary>Writes the bytes of a block as llama.cpp reads them.</summary>
internal abstract class BlockPacker
{
    /// <summary>Writes a block.</summary>
    /// <param name="numbers">What it stores.</param>
    /// <param name="block">Its bytes; whatever they held is overwritten.</param>
    public void Pack(BlockNumbers numbers, Span<byte> block)
    {
        block.Clear();
        Fill(numbers, block);
    }

    /// <summary>Fills a block.</summary>
    /// <param name="numbers">What it stores.</param>
    /// <param name="block">Its bytes, all 0.</param>
    protected abstract void Fill(BlockNumbers numbers, Span<byte> block);

    /// <summary>Writes a number in half precision.</summary>
    /// <param name="block">Bytes that start with it.</param>
    /// <param name="value">The number.</param>
    protected static void WriteHalf(Span<byte> block, Half value) =>
        BinaryPrimitives.WriteHalfLittleEndian(block, value);
}
