using static TorchSharp.torch;

namespace Hypercompress.Models.Checkpoints.Quantized;

/// <summary>Small unsigned integers that are packed into 32-bit words, the first into the lowest bits.</summary>
internal static class PackedIntegers
{
    private const int WordBits = 32;

    /// <summary>Number of words for some values.</summary>
    /// <param name="values">How many values.</param>
    /// <param name="bits">Bits of each: 2, 4 or 8.</param>
    /// <returns>The words, the last one perhaps not full.</returns>
    public static long Words(long values, int bits) => (values + (WordBits / bits) - 1) / (WordBits / bits);

    /// <summary>How wide the values are, by how many words hold them.</summary>
    /// <param name="values">How many values there are.</param>
    /// <param name="words">How many words.</param>
    /// <returns>2, 4 or 8; null when none of these fits.</returns>
    public static int? Bits(long values, long words)
    {
        foreach (int bits in new[] { 4, 8, 2 })
        {
            if (Words(values, bits) == words)
            {
                return bits;
            }
        }

        return null;
    }

    /// <summary>Unpacks along the last dimension.</summary>
    /// <param name="words">int32 [rows, words].</param>
    /// <param name="bits">Bits of each value: 2, 4 or 8.</param>
    /// <param name="count">Values of a row.</param>
    /// <param name="order">Which value of a word is in its lowest bits, and so on; null for the first one.</param>
    /// <returns>int32 [rows, count], each in [0, 2^bits); belongs to the current dispose scope.</returns>
    public static Tensor Unpack(Tensor words, int bits, long count, int[]? order = null)
    {
        using var scope = NewDisposeScope();
        int perWord = WordBits / bits;
        int[] shifts =
            [.. Enumerable.Range(0, perWord).Select(i => bits * (order is null ? i : Array.IndexOf(order, i)))];
        Tensor shifted = words.unsqueeze(-1).bitwise_right_shift(tensor(shifts, dtype: ScalarType.Int32));
        Tensor values = shifted.bitwise_and_(tensor((1 << bits) - 1, dtype: ScalarType.Int32));
        return values.reshape(words.shape[0], -1).narrow(1, 0, count).MoveToOuterDisposeScope();
    }
}
