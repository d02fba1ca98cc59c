using Hypercompress.Branches.Sparsity;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Branches.Sparsity;

public sealed class SparsityMathTests
{
    private static readonly float[,] Weights = { { 1, -4, 2 }, { 3, 0, -5 }, { 6, 6, 6 } };

    [Fact]
    public void Largest_FourOfNine_PicksByMagnitudeAndBreaksTiesByPlace()
    {
        using var scope = NewDisposeScope();
        Tensor mask = SparsityMath.Largest(tensor(Weights).abs(), 4);
        Assert.Equal([false, false, false, false, false, true, true, true, true], mask.data<bool>().ToArray());
        Assert.Equal(2, SparsityMath.Largest(tensor(Weights).abs(), 2).sum().item<long>());
        Assert.True(SparsityMath.Largest(tensor(Weights).abs(), 2)[2, 0].item<bool>());
    }

    [Fact]
    public void LargestPerRow_OneEach_FollowsTheInputs()
    {
        using var scope = NewDisposeScope();
        Tensor moment = diag(tensor(new double[] { 100, 1, 4 }));
        Tensor scores = SparsityMath.WandaScores(tensor(Weights), moment);
        Assert.Equal([10f, 4f, 4f, 30f, 0f, 10f, 60f, 6f, 12f], scores.data<float>().ToArray());
        Tensor mask = SparsityMath.LargestPerRow(scores, 1);
        Assert.Equal([true, false, false, true, false, false, true, false, false], mask.data<bool>().ToArray());
    }

    [Theory]
    [InlineData(10, 0.5, 5)]
    [InlineData(3, 0.99, 1)]
    [InlineData(576, 0.3, 403)]
    public void Kept_OfACount_RoundsAndKeepsOne(long count, double sparsity, long kept) =>
        Assert.Equal(kept, SparsityMath.Kept(count, sparsity));
}
