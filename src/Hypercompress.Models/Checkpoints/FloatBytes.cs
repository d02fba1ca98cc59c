using System.Runtime.InteropServices;

namespace Hypercompress.Models.Checkpoints;

/// <summary>Stored floating-point numbers as they are in a file, lowest byte first.</summary>
public static class FloatBytes
{
    /// <summary>Bytes of a number.</summary>
    /// <param name="dataType">As in <see cref="TensorInfo.DataType"/>.</param>
    /// <returns>4 for F32, 2 for F16 and BF16; null for every other type.</returns>
    public static int? Size(string dataType) => dataType switch
    {
        "F32" => sizeof(float),
        "F16" or "BF16" => sizeof(ushort),
        _ => null,
    };

    /// <summary>Widens numbers to float32, exactly.</summary>
    /// <param name="dataType">F32, F16 or BF16.</param>
    /// <param name="stored">Their bytes.</param>
    /// <param name="numbers">Gets as many numbers as there are.</param>
    /// <exception cref="ArgumentException">The type is another one.</exception>
    public static void Widen(string dataType, ReadOnlySpan<byte> stored, Span<float> numbers)
    {
        switch (dataType)
        {
            case "F32":
                MemoryMarshal.Cast<byte, float>(stored).CopyTo(numbers);
                break;
            case "F16":
                ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(stored);
                for (int i = 0; i < halves.Length; i++)
                {
                    numbers[i] = (float)halves[i];
                }

                break;
            case "BF16":
                ReadOnlySpan<ushort> upper = MemoryMarshal.Cast<byte, ushort>(stored);
                for (int i = 0; i < upper.Length; i++)
                {
                    numbers[i] = BitConverter.UInt32BitsToSingle((uint)upper[i] << 16);
                }

                break;
            default:
                throw new ArgumentException($"{dataType} is no type of floating-point numbers", nameof(dataType));
        }
    }
}
