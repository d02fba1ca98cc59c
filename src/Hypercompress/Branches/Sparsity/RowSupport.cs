using System.Runtime.InteropServices;
using Hypercompress.Forms;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Sparsity;

/// <summary>
/// How many values each row of a matrix keeps: a number of its own, or some of every group of neighbours.
/// </summary>
internal sealed class RowSupport
{
    private readonly SparsePattern? _pattern;
    private readonly int[] _kept;

    private RowSupport(SparsePattern? pattern, int[] kept) => (_pattern, _kept) = (pattern, kept);

    /// <summary>A number per row.</summary>
    /// <param name="kept">Values that row i keeps, 0 to n.</param>
    internal static RowSupport Of(int[] kept) => new(null, kept);

    /// <summary>Some of every group.</summary>
    /// <param name="pattern">n of every m.</param>
    internal static RowSupport Of(SparsePattern pattern) => new(pattern, []);

    /// <summary>As many values in each row as a mask has, or a pattern.</summary>
    /// <param name="mask">bool [m, n].</param>
    /// <param name="pattern">The pattern that the mask follows, or null.</param>
    internal static RowSupport Like(Tensor mask, SparsePattern? pattern) =>
        pattern is null ? new RowSupport(null, SparsityMath.RowCounts(mask)) : Of(pattern);

    /// <summary>A share of the values of each row or group, at least 1 of those that keep any.</summary>
    /// <param name="share">In (0, 1].</param>
    internal RowSupport Share(double share) => _pattern is null
        ? Of([.. _kept.Select(kept => (int)Math.Ceiling(share * kept))])
        : Of(_pattern with { Kept = (int)Math.Ceiling(share * _pattern.Kept) });

    /// <summary>Keeps the largest scores.</summary>
    /// <param name="scores">Scores of all rows, or of some, float32 [k, n], finite.</param>
    /// <param name="firstRow">The first of these rows.</param>
    /// <returns>bool [k, n], in the caller's scope.</returns>
    internal Tensor Select(Tensor scores, long firstRow = 0)
    {
        using var scope = NewDisposeScope();
        Tensor onHost = scores.cpu().contiguous();
        Tensor mask = zeros(scores.shape, dtype: ScalarType.Bool);
        int columns = (int)scores.shape[1];
        Span<float> values = MemoryMarshal.Cast<byte, float>(onHost.bytes);
        Span<bool> keep = MemoryMarshal.Cast<byte, bool>(mask.bytes);
        var scratch = new float[columns];
        for (int row = 0; row < scores.shape[0]; row++)
        {
            int support = (int)firstRow + row;
            SelectRow(values.Slice(row * columns, columns), support, scratch, keep.Slice(row * columns, columns));
        }

        return mask.to(scores.device).MoveToOuterDisposeScope();
    }

    private void SelectRow(ReadOnlySpan<float> scores, int row, Span<float> scratch, Span<bool> keep)
    {
        if (_pattern is null)
        {
            RowSelection.Largest(scores, _kept[row], scratch, keep);
            return;
        }

        for (int start = 0; start < scores.Length; start += _pattern.Group)
        {
            int width = int.Min(_pattern.Group, scores.Length - start);
            RowSelection.Largest(
                scores.Slice(start, width), int.Min(_pattern.Kept, width), scratch, keep.Slice(start, width));
        }
    }
}
