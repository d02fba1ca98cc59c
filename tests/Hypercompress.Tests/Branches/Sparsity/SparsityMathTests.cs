using Hypercompress.Branches.Sparsity;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Branches.Sparsity;

public sealed class SparsityMathTests
{
    // Places with a score above zero: of the zeros there are too many to be among the first ten of a row only.
    private static IEnumerable<bool> Positive(Tensor mask, float[] scores) =>
        mask.narrow(1, 0, 10).flatten().data<bool>().ToArray().Select((keep, index) => keep && scores[index] > 0);

    private static readonly float[,] Weights = { { 1, -4, 2 }, { 3, 0, -5 }, { 6, 6, 6 } };

    [Fact]
    public void Largest_FourOfNine_PicksByMagnitudeAndBreaksTiesByPlace()
    {
        using var scope = NewDisposeScope();
        ScoreRows scores = ScoreRows.Of(tensor(Weights).abs());
        Tensor mask = SparsityMath.Largest(scores, 4);
        Assert.Equal([false, false, false, false, false, true, true, true, true], mask.data<bool>().ToArray());
        Assert.Equal(2, SparsityMath.Largest(scores, 2).sum().item<long>());
        Assert.True(SparsityMath.Largest(scores, 2)[2, 0].item<bool>());
    }

    // Parts of four rows: the smallest that is kept, and those equal to it, lie in several of them.
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(40)]
    [InlineData(77)]
    [InlineData(100)]
    public void Largest_OfManyParts_KeepsWhatSortingKeeps(int kept)
    {
        using var scope = NewDisposeScope();
        const int Rows = 10, Columns = 1 << 20;
        using var generator = new Generator(5);
        Tensor few = (randn(Rows, 10, generator: generator).abs() * 4).floor() / 4;
        Tensor scores = zeros(Rows, Columns);
        scores.narrow(1, 0, 10).copy_(few);

        Tensor mask = SparsityMath.Largest(ScoreRows.Of(scores), kept);

        float[] all = few.data<float>().ToArray();
        int[] order = [.. Enumerable.Range(0, all.Length).OrderByDescending(index => all[index]).Take(kept)];
        bool[] wanted = [.. Enumerable.Range(0, all.Length).Select(index => order.Contains(index))];
        Assert.Equal(wanted.Select((keep, index) => keep && all[index] > 0), Positive(mask, all));
        Assert.Equal(kept, mask.sum().item<long>());
    }

    [Fact]
    public void WandaScores_OfUnequalInputs_FollowTheInputs()
    {
        using var scope = NewDisposeScope();
        Tensor moment = diag(tensor(new double[] { 100, 1, 4 }));
        Tensor scores = SparsityMath.WandaScores(tensor(Weights), moment);
        Assert.Equal([10f, 4f, 4f, 30f, 0f, 10f, 60f, 6f, 12f], scores.data<float>().ToArray());
    }

    // Shares of the mean, which is 2: their roots are 1/√2, 0 and √2.5.
    [Fact]
    public void LossScores_OfUnequalOutputs_WeighRowsByTheRootOfFisher()
    {
        using var scope = NewDisposeScope();
        Tensor scores = SparsityMath.LossScores(
            tensor(Weights), eye(3, dtype: ScalarType.Float64), tensor(new double[] { 0.5, 0, 2.5 }));
        Assert.Equal(4 / Math.Sqrt(2), scores[0, 1].item<float>(), 1e-6);
        Assert.Equal(0, scores[1, 2].item<float>());
        Assert.Equal(6 * Math.Sqrt(2.5), scores[2, 0].item<float>(), 1e-5);
    }

    [Theory]
    [InlineData(10, 0.5, 5)]
    [InlineData(3, 0.99, 1)]
    [InlineData(576, 0.3, 403)]
    public void Kept_OfACount_RoundsAndKeepsOne(long count, double sparsity, long kept) =>
        Assert.Equal(kept, SparsityMath.Kept(count, sparsity));

    // The mean of the scores is 2.2, so that 12 and 13 alone are above 11.
    [Fact]
    public void OutlierShares_OfTwoRows_CountWhatIsFarAboveTheMean()
    {
        using var scope = NewDisposeScope();
        Tensor scores = ones(2, 10);
        scores[0, 3] = 12;
        scores[0, 4] = 13;
        scores[1].fill_(0.1f);
        Assert.Equal([0.2, 0], SparsityMath.OutlierShares(ScoreRows.Of(scores)));
    }

    // ± 8 % of 100 places around the mean share of 0.1: +8 and -8; of 50 and 98 kept, one more would not fit.
    [Fact]
    public void ShiftToOutliers_OfTwoRows_MovesValuesAndKeepsTheirNumber()
    {
        Assert.Equal([58, 42], SparsityMath.ShiftToOutliers([50, 50], 100, [0.2, 0]));
        Assert.Equal([50, 50], SparsityMath.ShiftToOutliers([50, 50], 100, [0.1, 0.1]));
        int[] full = SparsityMath.ShiftToOutliers([98, 50], 100, [0.2, 0]);
        Assert.Equal([100, 48], full);
    }
}
