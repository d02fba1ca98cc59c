using CsCheck;
using Hypercompress.Branches.Sparsity;
using Hypercompress.Forms;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Branches.Sparsity;

public sealed class RowSelectionTests
{
    [Fact]
    public void Largest_OfAnyNumbers_AgreesWithSortingThem() =>
        Gen.Select(Gen.Int[-5, 5].Array[1, 40], Gen.Int[0, 40]).Sample((numbers, wanted) =>
        {
            int kept = Math.Min(wanted, numbers.Length);
            var keep = new bool[numbers.Length];
            RowSelection.Largest([.. numbers.Select(number => (float)number)], kept, new float[numbers.Length], keep);
            int[] expected =
                [.. Enumerable.Range(0, numbers.Length).OrderByDescending(i => numbers[i]).ThenBy(i => i)
                    .Take(kept).Order()];
            Assert.Equal(expected, Enumerable.Range(0, keep.Length).Where(i => keep[i]));
        });

    [Fact]
    public void Select_ByRow_KeepsAsManyAsEachRowMay()
    {
        using var scope = NewDisposeScope();
        Tensor scores = tensor(new float[,] { { 1, 5, 3, 4 }, { 9, 8, 7, 6 } });
        Tensor mask = RowSupport.Of([3, 1]).Select(scores);
        Assert.Equal([false, true, true, true, true, false, false, false], mask.data<bool>().ToArray());
        Tensor like = RowSupport.Like(mask, null).Select(scores.neg());
        Assert.Equal([true, false, true, true, false, false, false, true], like.data<bool>().ToArray());
    }

    [Fact]
    public void Select_ByPattern_KeepsSomeOfEveryGroupAndOfTheRest()
    {
        using var scope = NewDisposeScope();
        Tensor scores = tensor(new float[,] { { 1, 5, 3, 4, 0, 9, 2 } });
        Tensor mask = RowSupport.Of(new SparsePattern(2, 4)).Select(scores);
        Assert.Equal([false, true, false, true, false, true, true], mask.data<bool>().ToArray());
        Tensor half = RowSupport.Of(new SparsePattern(2, 4)).Share(0.5).Select(scores);
        Assert.Equal([false, true, false, false, false, true, false], half.data<bool>().ToArray());
    }
}
