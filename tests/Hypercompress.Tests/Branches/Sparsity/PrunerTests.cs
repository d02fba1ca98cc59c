using Hypercompress.Branches.Sparsity;
using Hypercompress.Forms;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Branches.Sparsity;

[NoTensorLeaks]
public sealed class PrunerTests
{
    // H = [[1, 0.8], [0.8, 1]], T = (1, 0.5): without the second value the first becomes 1 + 0.8 · 0.5 = 1.4.
    [Fact]
    public void Fit_WithOneOfTwoCorrelatedValues_TakesOverTheOther()
    {
        using var scope = NewDisposeScope();
        Tensor moment = tensor(new float[,] { { 1, 0.8f }, { 0.8f, 1 } });
        Tensor target = tensor(new float[,] { { 1, 0.5f } });
        Tensor mask = tensor(new bool[,] { { true, false } });
        Tensor fitted = MaskedLeastSquares.Fit(target, moment, mask, target);
        Assert.Equal(1.4, fitted[0, 0].item<float>(), 1e-6);
        Assert.Equal(0, fitted[0, 1].item<float>());
    }

    [Fact]
    public void Fit_OnAnyPlaces_AgreesWithSolvingEachRow()
    {
        using var scope = NewDisposeScope();
        using var site = new SyntheticSite(6, 24, 5);
        using var inputs = new NormalizedInputs(site.Problem.Inputs);
        Tensor target = inputs.Normalize(site.Problem.Target);
        Tensor mask = RowSupport.Of([3, 8, 12, 24, 1, 0]).Select(target.abs());
        Tensor fitted = MaskedLeastSquares.Fit(target, inputs.Moment, mask, target);
        double exact = 0;
        for (int row = 0; row < 5; row++)
        {
            Tensor places = mask[row].nonzero().flatten();
            Tensor rows = inputs.Moment.index_select(0, places);
            Tensor solution = linalg.solve(rows.index_select(1, places), rows.matmul(target[row]));
            Tensor difference = target[row] - zeros(24).index_copy_(0, places, solution);
            exact += difference.dot(inputs.Moment.mv(difference)).item<float>();
        }

        exact += target[5].dot(inputs.Moment.mv(target[5])).item<float>();
        Tensor left = target - fitted;
        Assert.Equal(1, (left.matmul(inputs.Moment) * left).sum().item<float>() / exact, 3e-3);
        Assert.Equal(0, fitted.masked_select(mask.logical_not()).abs().sum().item<float>());
    }

    // Two inputs that are almost always equal, a third on its own: of the first two one stands for both.
    [Fact]
    public void Prune_WithTwoEqualInputs_LetsOneStandForBoth()
    {
        using var scope = NewDisposeScope();
        Tensor moment = tensor(new double[,] { { 1, 0.99, 0 }, { 0.99, 1, 0 }, { 0, 0, 1 } });
        using var inputs = new InputMoment(moment.DetachFromDisposeScope(), 1, damping: 0);
        Tensor target = tensor(new float[,] { { 0.5f, 0.6f, 1 } });
        foreach (Pruner pruner in Pruners(inputs, null))
        {
            using (pruner)
            {
                (Tensor mask, Tensor values) = pruner.Prune(target, RowSupport.Of([2]).Select(target));
                int kept = mask[0, 0].item<bool>() ? 0 : 1;
                Assert.True(mask[0, 2].item<bool>() && !mask[0, 1 - kept].item<bool>());
                Assert.Equal(kept == 0 ? 0.5 + (0.99 * 0.6) : 0.6 + (0.99 * 0.5), values[0, kept].item<float>(), 1e-3);
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2:4")]
    [InlineData("3:5")]
    public void Prune_ByAnySolver_KeepsTheCountsAndBeatsTheScores(string? text)
    {
        using var scope = NewDisposeScope();
        SparsePattern? pattern = text is null ? null : SparsePattern.Parse(text);
        using var site = new SyntheticSite(40, 72, 9);
        Tensor scores = SparsityMath.WandaScores(site.Problem.Target, site.Problem.Inputs.Moment);
        Tensor start = pattern is null
            ? SparsityMath.Largest(ScoreRows.Of(scores), 40 * 36)
            : RowSupport.Of(pattern).Select(scores);
        double first = site.Problem.Error(site.Problem.Target * start);
        foreach (Pruner pruner in Pruners(site.Problem.Inputs, pattern))
        {
            using (pruner)
            {
                (Tensor mask, Tensor values) = pruner.Prune(site.Problem.Target, start);
                Assert.Equal(SparsityMath.RowCounts(start), SparsityMath.RowCounts(mask));
                Assert.True(site.Problem.Error(values * mask) < 0.9 * first, $"{pruner.GetType().Name}");
                if (pattern is not null)
                {
                    Assert.True(RowSupport.Of(pattern).Select(mask.to(ScalarType.Float32)).eq(mask).all().item<bool>());
                }
            }
        }
    }

    // A Gram of rank one, an input that is always zero, and as few tokens as there can be.
    [Fact]
    public void Prune_WithADegenerateMoment_StaysFinite()
    {
        using var scope = NewDisposeScope();
        Tensor one = tensor(new double[] { 1, 2, 0, 3 });
        using var inputs = new InputMoment(one.outer(one).DetachFromDisposeScope(), 1, damping: 0);
        Tensor target = tensor(new float[,] { { 1, -1, 5, 2 }, { 0, 0, 0, 0 } });
        using var pruner = new AdmmPruner(inputs, null);
        (Tensor mask, Tensor values) = pruner.Prune(target, RowSupport.Of([1, 2]).Select(target.abs()));
        Assert.True(values.isfinite().all().item<bool>());
        Assert.Equal([1, 2], SparsityMath.RowCounts(mask));
        Assert.Equal(5, values[0].dot(one.to(ScalarType.Float32)).item<float>(), 1e-3);
    }

    private static IEnumerable<Pruner> Pruners(InputMoment inputs, SparsePattern? pattern) =>
        [new SweepPruner(inputs, pattern), new AdmmPruner(inputs, pattern), new BregmanPruner(inputs, pattern, 20)];
}
