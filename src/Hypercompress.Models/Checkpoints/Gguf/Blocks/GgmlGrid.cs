using System.Numerics;
using System.Runtime.InteropServices;

namespace Hypercompress.Models.Checkpoints.Gguf.Blocks;

/// <summary>A code book of GGUF: every entry is a group of values.</summary>
public sealed class GgmlGrid
{
    private readonly sbyte[] _values;

    /// <summary>Unpacks a code book.</summary>
    /// <param name="width">Values of a group: 8, of 2 bits each, or 4, of 3.</param>
    /// <param name="levels">The values that the bits stand for.</param>
    /// <param name="packed">The groups, 16 bits each, as base64.</param>
    internal GgmlGrid(int width, ReadOnlySpan<sbyte> levels, string packed)
    {
        Width = width;
        int bits = width == 8 ? 2 : 3;
        var groups = MemoryMarshal.Cast<byte, ushort>(Convert.FromBase64String(packed));
        _values = new sbyte[groups.Length * width];
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = levels[(groups[i / width] >> (bits * (i % width))) & ((1 << bits) - 1)];
        }
    }

    /// <summary>Values of a group: 4 or 8.</summary>
    public int Width { get; }

    /// <summary>Groups, up to 2048.</summary>
    public int Count => _values.Length / Width;

    /// <summary>The values of a group.</summary>
    /// <param name="index">Its number, below <see cref="Count"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such group.</exception>
    public ReadOnlySpan<sbyte> this[int index] => _values.AsSpan(index * Width, Width);

    /// <summary>Writes a group with signs and a scale.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="signs">Bit j makes value j negative.</param>
    /// <param name="scale">What the values are multiplied by.</param>
    /// <param name="destination">As many values as the group has.</param>
    internal void Write(int index, int signs, float scale, Span<float> destination)
    {
        var group = this[index];
        for (int j = 0; j < group.Length; j++)
        {
            float value = scale * group[j];
            destination[j] = (signs >> j & 1) == 0 ? value : -value;
        }
    }

    /// <summary>Eight signs of the seven that are stored: their number is even.</summary>
    /// <param name="stored">Seven bits.</param>
    /// <returns>Eight bits.</returns>
    internal static int EvenSigns(uint stored) => (int)(stored | ((uint)(BitOperations.PopCount(stored) & 1) << 7));
}
