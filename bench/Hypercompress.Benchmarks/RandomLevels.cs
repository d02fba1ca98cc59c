using System.Collections.Immutable;
using Hypercompress.Models.Kernels.Matrices;

namespace Hypercompress.Benchmarks;

/// <summary>
/// Levels at random, a few rows at a time. Multiples of 4 never leave the first state of a trellis, so that any of them
/// may follow each other.
/// </summary>
/// <param name="rows">Rows.</param>
/// <param name="columns">Columns.</param>
/// <param name="largest">The largest level, at least 4 where they follow a trellis.</param>
/// <param name="followsTrellis">Whether they follow a trellis.</param>
internal sealed class RandomLevels(int rows, int columns, int largest, bool followsTrellis) : ILevelStream
{
    /// <inheritdoc/>
    public ImmutableArray<float> RowFactors { get; } = [.. Enumerable.Repeat(1f, rows)];

    /// <inheritdoc/>
    public ImmutableArray<float> ColumnFactors { get; } = [.. Enumerable.Repeat(1f, columns)];

    /// <inheritdoc/>
    public int BlockRows => 2048;

    /// <inheritdoc/>
    public bool FollowsTrellis => followsTrellis;

    /// <inheritdoc/>
    public long ByteCount => 0;

    /// <inheritdoc/>
    public void Decode(int block, Span<short> levels)
    {
        var random = new Random(block);
        (int step, int most) = followsTrellis ? (4, largest / 4) : (1, largest);
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = (short)(step * random.Next(-most, most + 1));
        }
    }
}
