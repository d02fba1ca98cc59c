using Hypercompress.BlockDiagonal;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Sites;
using Hypercompress.Tests.Branches;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Samples;

[NoTensorLeaks]
public sealed class BlockDiagonalMathTests
{
    // T = [2 1; 0 3], H = [2 1; 1 2]: the first row has (T H)_11 / H_11 = (2·2 + 1·1) / 2 = 2.5 where T has 2, because
    // it answers for the second input as far as that goes along with the first. The second row loses nothing.
    [Fact]
    public void Fit_OfTwoByTwo_IsWhatTheFormulaGives()
    {
        using var scope = NewDisposeScope();
        using var inputs = new InputMoment(
            tensor(new double[,] { { 2, 1 }, { 1, 2 } }).DetachFromDisposeScope(), tokens: 1, damping: 0);
        using var problem = new SiteProblem(
            new Site("site", WeightSlotKind.Linear, 0, 2, 2),
            tensor(new float[,] { { 2, 1 }, { 0, 3 } }).DetachFromDisposeScope(),
            inputs,
            ones(2, dtype: ScalarType.Float64));

        Tensor fitted = BlockDiagonalMath.Fit(problem, blocks: 2);

        Assert.Equal([2.5f, 3f], fitted.data<float>().ToArray());
        Assert.Equal(0.75, problem.Error(diag(fitted.squeeze(1))), 1e-6);
    }

    [Fact]
    public void Fit_WithoutCorrelations_IsTheDiagonalBlocksOfTheMatrix()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        using var inputs = new InputMoment(
            eye(6, dtype: ScalarType.Float64).DetachFromDisposeScope(), tokens: 1, damping: 0);
        using var problem = new SiteProblem(
            new Site("site", WeightSlotKind.Linear, 0, 4, 6),
            randn(4, 6, generator: generator).DetachFromDisposeScope(),
            inputs,
            ones(4, dtype: ScalarType.Float64));

        Tensor fitted = BlockDiagonalMath.Fit(problem, blocks: 2);

        Tensor expected = cat([problem.Target[..2, ..3], problem.Target[2.., 3..]], 0);
        Assert.True((expected - fitted).abs().max().item<float>() < 1e-6);
    }

    [Fact]
    public void Fit_CannotBeImproved()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(6);
        using var site = new SyntheticSite(12, 8);
        Tensor fitted = BlockDiagonalMath.Fit(site.Problem, blocks: 4);
        double best = site.Problem.Error(block_diag(fitted.chunk(4, 0)));

        for (int i = 0; i < 20; i++)
        {
            Tensor other = fitted + (1e-2 * randn(12, 2, generator: generator));
            Assert.True(best <= site.Problem.Error(block_diag(other.chunk(4, 0))));
        }
    }
}
