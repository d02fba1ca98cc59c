using TorchSharp;

namespace Hypercompress.Models.Corpora;

/// <summary>Token ids as tensors.</summary>
public static class TokenTensors
{
    /// <summary>Stacks sequences of equal length.</summary>
    /// <param name="sequences">B sequences of T ids, B and T at least 1.</param>
    /// <returns>A new int64 tensor [B, T] on the CPU; the caller owns it.</returns>
    /// <exception cref="ArgumentException">No sequence, an empty one, or lengths that differ.</exception>
    public static torch.Tensor Stack(IReadOnlyList<ReadOnlyMemory<int>> sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        if (sequences.Count == 0 || sequences[0].Length == 0)
        {
            throw new ArgumentException("There is nothing to stack.", nameof(sequences));
        }

        int length = sequences[0].Length;
        var values = new long[sequences.Count * length];
        for (int row = 0; row < sequences.Count; row++)
        {
            var ids = sequences[row].Span;
            if (ids.Length != length)
            {
                throw new ArgumentException(
                    $"Sequence {row} has {ids.Length} ids, the first has {length}.", nameof(sequences));
            }

            for (int column = 0; column < length; column++)
            {
                values[(row * length) + column] = ids[column];
            }
        }

        return FromLongs(values, sequences.Count, length);
    }

    /// <summary>Copies ids that lie row after row.</summary>
    /// <param name="ids">B × T ids.</param>
    /// <param name="rows">B.</param>
    /// <param name="columns">T.</param>
    /// <returns>A new int64 tensor [B, T] on the CPU; the caller owns it.</returns>
    /// <exception cref="ArgumentException">The number of ids is not B × T.</exception>
    public static torch.Tensor FromLongs(long[] ids, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return ids.LongLength == (long)rows * columns
            ? torch.tensor(ids, [rows, columns], torch.int64)
            : throw new ArgumentException($"{ids.Length} ids are not {rows} × {columns}.", nameof(ids));
    }
}
