using System.Buffers;
using System.Runtime.ExceptionServices;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>The blocks of a stream, decoded on several threads; the first one is decoded once.</summary>
/// <param name="stream">The stream.</param>
internal sealed unsafe class LevelBlocks(ILevelStream stream) : IDisposable
{
    // Kernels read whole vectors past the last row.
    private const int Slack = 64;

    private readonly int _rows = stream.RowFactors.Length;
    private readonly int _columns = stream.ColumnFactors.Length;
    private AlignedMemory? _first;

    /// <summary>Takes the levels of a block.</summary>
    /// <param name="firstRow">Its first row.</param>
    /// <param name="levels">Row after row.</param>
    public delegate void Taker(int firstRow, ReadOnlySpan<short> levels);

    /// <summary>How many there are.</summary>
    public int Count => ((_rows - 1) / stream.BlockRows) + 1;

    /// <summary>The levels of the first block.</summary>
    public ReadOnlySpan<short> First
    {
        get
        {
            if (_first is null)
            {
                _first = Room(0);
                stream.Decode(0, Levels(_first));
            }

            return Levels(_first)[..(RowsOf(0) * _columns)];
        }
    }

    /// <summary>Decodes all blocks.</summary>
    /// <param name="take">Gets each; called from several threads.</param>
    public void Each(Taker take)
    {
        take(0, First);
        if (Count == 1)
        {
            return;
        }

        try
        {
            Parallel.For(1, Count, block => DecodeInSpare(block, take));
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }

    /// <summary>Decodes one block.</summary>
    /// <param name="block">0-based block.</param>
    /// <param name="take">Gets it.</param>
    public void One(int block, Taker take)
    {
        short[] levels = ArrayPool<short>.Shared.Rent((RowsOf(block) * _columns) + Slack);
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
        if (_first is not null)
        {
            SpareMemory.Return(_first);
            _first = null;
        }
    }

    private void DecodeInSpare(int block, Taker take)
    {
        AlignedMemory memory = Room(block);
        try
        {
            stream.Decode(block, Levels(memory));
            take(block * stream.BlockRows, Levels(memory)[..(RowsOf(block) * _columns)]);
        }
        finally
        {
            SpareMemory.Return(memory);
        }
    }

    private int RowsOf(int block) => int.Min(stream.BlockRows, _rows - (block * stream.BlockRows));

    private AlignedMemory Room(int block) =>
        SpareMemory.Take(((RowsOf(block) * (long)_columns) + Slack) * sizeof(short));

    private static Span<short> Levels(AlignedMemory room) =>
        new(room.As<short>(), (int)(room.ByteCount / sizeof(short)));
}
