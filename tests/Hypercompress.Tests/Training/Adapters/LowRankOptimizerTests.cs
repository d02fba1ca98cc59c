using Hypercompress.Training.Adapters;
using Hypercompress.Training.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Training.Adapters;

[NoTensorLeaks]
public sealed class LowRankOptimizerTests
{
    private const int Rank = 2;

    [Theory]
    [InlineData(0, Rank)]
    [InlineData(2, 3 * Rank)]
    public void Step_ManySteps_ChangeOfTheMatrixHasTheRank(int restarts, int rank)
    {
        using var scope = NewDisposeScope();
        var matrix = new Parameter(Drawn(1, 20, 30));
        Tensor before = matrix.detach().clone();
        using var optimizer = Make([matrix], Options with { Restarts = restarts });
        for (int step = 0; step < Options.Steps; step++)
        {
            Step(optimizer, matrix, Drawn(step + 2, 20, 30));
        }

        float[] values = [.. linalg.svdvals(matrix.detach() - before).data<float>()];
        Assert.True(values[rank - 1] > 1e-3 * values[0], string.Join(' ', values));
        Assert.True(values[rank] < 1e-4 * values[0], string.Join(' ', values));
    }

    [Fact]
    public void Step_OfAFunctionOfTheMatrix_IsThatOfItsFactors()
    {
        using var scope = NewDisposeScope();
        var matrix = new Parameter(Drawn(1, 20, 30));
        Tensor before = matrix.detach().clone();
        using var optimizer = Make([matrix], Options);

        // After a first step, when both factors have gradients.
        Step(optimizer, matrix, Drawn(2, 20, 30));
        LowRankChange change = Assert.Single(optimizer.Changes);
        Tensor target = Drawn(3, 20, 30);
        Tensor up = change.Up.detach().clone().requires_grad_(true);
        Tensor down = change.Down.detach().clone().requires_grad_(true);
        (before + up.matmul(down) - target).square().sum().backward();
        optimizer.ZeroGradients();
        (matrix - target).square().sum().backward();
        optimizer.Clip(1e9);

        Assert.True(allclose(up.grad!, change.Up.grad!, rtol: 1e-3, atol: 1e-4));
        Assert.True(allclose(down.grad!, change.Down.grad!, rtol: 1e-3, atol: 1e-4));
    }

    [Fact]
    public void Step_FirstStep_MovesValuesAboutAsMuchAsAdamWouldAtAnyRank()
    {
        foreach (int rank in new[] { 1, 4, 16 })
        {
            using var scope = NewDisposeScope();
            var matrix = new Parameter(zeros(200, 300));
            using var optimizer = Make([matrix], Options with { Rank = rank });
            Step(optimizer, matrix, Drawn(2, 200, 300));
            Assert.InRange(matrix.detach().abs().mean().item<float>(), 0.005, 0.02);
        }
    }

    [Fact]
    public void Ranks_Hierarchical_FollowWhatTheLossDependsOn()
    {
        using var scope = NewDisposeScope();
        Parameter[] matrices = [.. Enumerable.Range(0, 3).Select(i => new Parameter(Drawn(i + 1, 60, 60)))];
        using var optimizer = Make(matrices, Options with { Rank = 8, Ranks = AdapterRanks.Hierarchical });
        float[] sizes = [0.001f, 1, 2];
        foreach ((Parameter matrix, float size) in matrices.Zip(sizes))
        {
            (matrix * Drawn(9, 60, 60) * size).sum().backward();
        }

        optimizer.Clip(1);
        int[] ranks = [.. optimizer.Changes.Select(change => change.Rank)];
        Assert.Equal(2, ranks[0]);
        Assert.InRange(ranks[1], 7, 9);
        Assert.InRange(ranks[2], 14, 18);
    }

    [Fact]
    public void Step_VectorsAndSmallMatrices_MoveAsWithoutAdapters()
    {
        using var scope = NewDisposeScope();
        var vector = new Parameter(ones(6));
        var small = new Parameter(ones(2, 3));
        using var optimizer = Make([vector, small], Options);
        (vector.sum() - small.sum()).backward();
        optimizer.Clip(1e9);
        optimizer.Step(0.01);

        Assert.Empty(optimizer.Changes);
        Assert.All(vector.data<float>().ToArray(), value => Assert.Equal(0.99, value, 1e-5));
        Assert.All(small.data<float>().ToArray(), value => Assert.Equal(1.01, value, 1e-5));
    }

    private static AdapterOptions Options { get; } = new(Rank, AdapterRanks.Even, 0, 9, 3);

    private static LowRankOptimizer Make(Parameter[] parameters, AdapterOptions options) =>
        new(parameters, options, all => new FusedAdamW(all, 0));

    private static void Step(LowRankOptimizer optimizer, Parameter matrix, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        optimizer.ZeroGradients();
        (matrix * gradient).sum().backward();
        optimizer.Clip(1e9);
        optimizer.Step(0.01);
    }

    private static Tensor Drawn(int seed, long rows, long columns)
    {
        using var random = new Generator((ulong)seed);
        return randn([rows, columns], generator: random);
    }
}
