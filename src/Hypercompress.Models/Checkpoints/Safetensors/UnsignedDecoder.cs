using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Hypercompress.Models.Checkpoints.Safetensors;

/// <summary>Widens unsigned integers: 16 bits to int32, 32 and 64 bits to int64.</summary>
/// <param name="width">Stored bytes of a number: 2, 4 or 8.</param>
internal sealed class UnsignedDecoder(int width) : BlockDecoder
{
    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> stored, Span<byte> values)
    {
        if (width == 2)
        {
            var narrow = MemoryMarshal.Cast<byte, int>(values);
            for (int i = 0; i < narrow.Length; i++)
            {
                narrow[i] = BinaryPrimitives.ReadUInt16LittleEndian(stored[(2 * i)..]);
            }

            return;
        }

        var wide = MemoryMarshal.Cast<byte, long>(values);
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = width == 4
                ? BinaryPrimitives.ReadUInt32LittleEndian(stored[(4 * i)..])
                : checked((long)BinaryPrimitives.ReadUInt64LittleEndian(stored[(8 * i)..]));
        }
    }
}
