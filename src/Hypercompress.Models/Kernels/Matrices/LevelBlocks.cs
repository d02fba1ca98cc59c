using System.Buffers;
using System.Runtime.ExceptionServices;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>The blocks of a stream, decoded on several threads; a single block is decoded once.</summary>
/// <param name="stream">The stream.</param>
internal sealed class LevelBlocks(ILevelStream stream) : IDisposable
{
    // Kernels read whole vectors past the last row.
    private const int Slack = 64;

    private readonly int _rows = stream.RowFactors.Length;
    private readonly int _columns = stream.ColumnFactors.Length;
    private short[]? _only;

    /// <summary>Takes the levels of a block.</summary>
    /// <param name="firstRow">Its first row.</param>
    /// <param name="levels">Row after row.</param>
    public delegate void Taker(int firstRow, ReadOnlySpan<short> levels);

    /// <summary>How many there are.</summary>
    public int Count => ((_rows - 1) / stream.BlockRows) + 1;

    /// <summary>Decodes all blocks.</summary>
    /// <param name="take">Gets each; called from several threads.</param>
    public void Each(Taker take)
    {
        if (Count > 1)
        {
            All(take);
            return;
        }

        if (_only is null)
        {
            _only = Rent(0);
            stream.Decode(0, _only);
        }

        take(0, _only.AsSpan(0, _rows * _columns));
    }

    /// <summary>Decodes one block.</summary>
    /// <param name="block">0-based block.</param>
    /// <param name="take">Gets it.</param>
    public void One(int block, Taker take)
    {
        short[] levels = Rent(block);
        try
        {
            stream.Decode(block, levels);
            take(block * stream.BlockRows, levels.AsSpan(0, RowsOf(block) * _columns));
        }
        finally
        {
            ArrayPool<short>.Shared.Return(levels);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_only is not null)
        {
            ArrayPool<short>.Shared.Return(_only);
            _only = null;
        }
    }

    private void All(Taker take)
    {
        try
        {
            Parallel.For(0, Count, block => Briefly(block, take));
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }

    // Large blocks of one matrix: what a pool kept of them, nobody would ask for again.
    private unsafe void Briefly(int block, Taker take)
    {
        int count = RowsOf(block) * _columns;
        using var memory = AlignedMemory.Of<short>(count + Slack);
        var levels = new Span<short>(memory.As<short>(), count + Slack);
        stream.Decode(block, levels);
        take(block * stream.BlockRows, levels[..count]);
    }

    private int RowsOf(int block) => int.Min(stream.BlockRows, _rows - (block * stream.BlockRows));

    private short[] Rent(int block) => ArrayPool<short>.Shared.Rent((RowsOf(block) * _columns) + Slack);
}
