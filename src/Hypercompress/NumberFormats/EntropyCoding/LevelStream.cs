using System.Collections.Immutable;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.NumberFormats.EntropyCoding.Streams;

namespace Hypercompress.NumberFormats.EntropyCoding;

/// <summary>A coded block for the runtime, which decodes it at once or as often as it multiplies.</summary>
/// <param name="coded">The block; not copied.</param>
/// <param name="rows">Its rows.</param>
/// <param name="columns">Its columns; a block of one row is coded as one of one column.</param>
/// <param name="explain">Says where a malformed block came from; null where it did not come from a file.</param>
internal sealed class LevelStream(byte[] coded, int rows, int columns, Func<FormatException, Exception>? explain)
    : ILevelStream
{
    private readonly bool _isTurned = rows == 1;
    private readonly CodedRuns _runs = Explained(
        () => rows == 1 ? CodedRuns.Open(coded, columns, 1) : CodedRuns.Open(coded, rows, columns), explain);

    /// <inheritdoc/>
    public ImmutableArray<float> RowFactors =>
        [.. _isTurned ? _runs.Scales.ColumnFactors : _runs.Scales.RowFactors];

    /// <inheritdoc/>
    public ImmutableArray<float> ColumnFactors =>
        [.. _isTurned ? _runs.Scales.RowFactors : _runs.Scales.ColumnFactors];

    /// <inheritdoc/>
    public int BlockRows => _isTurned ? 1 : CodedMatrix.RunRows;

    /// <inheritdoc/>
    public long ByteCount => coded.Length;

    /// <inheritdoc/>
    public void Decode(int block, Span<short> levels)
    {
        if (!_isTurned)
        {
            Decode(block, levels, 0);
            return;
        }

        for (int run = 0; run < _runs.Count; run++)
        {
            Decode(run, levels, run * CodedMatrix.RunRows);
        }
    }

    private void Decode(int run, Span<short> levels, int at)
    {
        try
        {
            _runs.Decode(run, levels[at..]);
        }
        catch (FormatException malformed) when (explain is not null)
        {
            throw explain(malformed);
        }
    }

    private static CodedRuns Explained(Func<CodedRuns> open, Func<FormatException, Exception>? explain)
    {
        try
        {
            return open();
        }
        catch (FormatException malformed) when (explain is not null)
        {
            throw explain(malformed);
        }
    }
}
