using System.Collections.Immutable;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.NumberFormats.EntropyCoding.Streams;

namespace Hypercompress.NumberFormats.EntropyCoding;

/// <summary>A coded block for the runtime, which decodes it at once or as often as it multiplies.</summary>
internal sealed class LevelStream : ILevelStream
{
    private readonly CodedRuns _runs;
    private readonly Func<FormatException, Exception>? _explain;
    private readonly bool _isTurned;

    /// <summary>Reads the head of a block.</summary>
    /// <param name="coded">The block; not copied.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns; a block of one row is coded as one of one column.</param>
    /// <param name="explain">Says where a malformed block came from; null where it did not come from a file.</param>
    /// <exception cref="FormatException">The block is malformed, and nobody explains it.</exception>
    public LevelStream(byte[] coded, int rows, int columns, Func<FormatException, Exception>? explain)
    {
        (_isTurned, _explain, ByteCount) = (rows == 1, explain, coded.Length);
        _runs = Explained(() => _isTurned ? CodedRuns.Open(coded, columns, 1) : CodedRuns.Open(coded, rows, columns));
        ImmutableArray<float> ofRows = [.. _runs.Scales.RowFactors];
        ImmutableArray<float> ofColumns = [.. _runs.Scales.ColumnFactors];
        (RowFactors, ColumnFactors) = _isTurned ? (ofColumns, ofRows) : (ofRows, ofColumns);
    }

    /// <inheritdoc/>
    public ImmutableArray<float> RowFactors { get; }

    /// <inheritdoc/>
    public ImmutableArray<float> ColumnFactors { get; }

    /// <inheritdoc/>
    public int BlockRows => _isTurned ? 1 : CodedMatrix.RunRows;

    /// <inheritdoc/>
    public bool FollowsTrellis => !_isTurned && _runs.Code == LevelCode.Trellis;

    /// <inheritdoc/>
    public long ByteCount { get; }

    /// <inheritdoc/>
    public void Decode(int block, Span<short> levels)
    {
        try
        {
            if (_isTurned)
            {
                _runs.DecodeAll(levels);
            }
            else
            {
                _runs.Decode(block, levels);
            }
        }
        catch (FormatException malformed) when (_explain is not null)
        {
            throw _explain(malformed);
        }
    }

    private CodedRuns Explained(Func<CodedRuns> open)
    {
        try
        {
            return open();
        }
        catch (FormatException malformed) when (_explain is not null)
        {
            throw _explain(malformed);
        }
    }
}
