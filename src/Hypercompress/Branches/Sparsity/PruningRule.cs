using System.Runtime.InteropServices;
using Hypercompress.Branches.Solvers;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Sparsity;

/// <summary>
/// Lets a column sweep prune: when it enters a block, each row chooses its places there by the squares of the values
/// times the cost of an error for which later columns compensate.
/// </summary>
internal sealed class PruningRule : IColumnRule
{
    private readonly bool[] _keep;
    private readonly int _columns;
    private readonly bool _chooses;

    /// <summary>Starts a sweep.</summary>
    /// <param name="start">bool [m, n]: a row keeps as many places in each block of the sweep as it has here.</param>
    /// <param name="chooses">Whether it may choose other places.</param>
    internal PruningRule(Tensor start, bool chooses)
    {
        using Tensor onHost = start.cpu().contiguous();
        _keep = MemoryMarshal.Cast<byte, bool>(onHost.bytes).ToArray();
        (_columns, _chooses) = ((int)start.shape[1], chooses);
    }

    /// <summary>The places so far, bool [m, n], in the caller's scope.</summary>
    internal Tensor Mask() => tensor(_keep).view(-1, _columns);

    /// <inheritdoc/>
    public void Enter(ReadOnlySpan<int> columns, int firstRow, ColumnBlock values)
    {
        if (!_chooses)
        {
            return;
        }

        var scores = new float[columns.Length];
        var scratch = new float[columns.Length];
        var places = new bool[columns.Length];
        for (int row = 0; row < values.Rows; row++)
        {
            Span<bool> keep = _keep.AsSpan((firstRow + row) * _columns, _columns);
            int kept = 0;
            for (int i = 0; i < columns.Length; i++)
            {
                float value = values.Column(i)[row];
                scores[i] = value * value * values.Weights[i];
                kept += keep[columns[i]] ? 1 : 0;
            }

            RowSelection.Largest(scores, kept, scratch, places);
            for (int i = 0; i < columns.Length; i++)
            {
                keep[columns[i]] = places[i];
            }
        }
    }

    /// <inheritdoc/>
    public void Decide(int column, int firstRow, ReadOnlySpan<float> wanted, Span<float> decided)
    {
        for (int row = 0; row < wanted.Length; row++)
        {
            decided[row] = _keep[((firstRow + row) * _columns) + column] ? wanted[row] : 0;
        }
    }
}
