using System.Collections.Immutable;
using Hypercompress.Models.Kernels.Matrices;

namespace Hypercompress.Models.Tests.Kernels;

/// <summary>Levels in blocks of 64 rows.</summary>
internal sealed class BlockStream(FactoredLevels all, bool followsTrellis = false) : ILevelStream
{
    public const int Rows = 64;

    public ImmutableArray<float> RowFactors => all.RowFactors;

    public ImmutableArray<float> ColumnFactors => all.ColumnFactors;

    public int BlockRows => Rows;

    public bool FollowsTrellis => followsTrellis;

    public long ByteCount => all.ByteCount;

    public void Decode(int block, Span<short> levels)
    {
        int first = block * BlockRows;
        int rows = int.Min(BlockRows, all.Rows - first);
        all.Levels.Span.Slice(first * all.Columns, rows * all.Columns).CopyTo(levels);
    }
}
