using Hypercompress.Branches.Solvers;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Branches.Solvers;

public sealed class ColumnSweepTests
{
    [Fact]
    [NoTensorLeaks]
    public void Run_WithARuleThatChangesNothing_ReturnsTheTarget()
    {
        using var site = new SyntheticSite(5, 150);
        using Tensor result = ColumnSweep.Run(site.Problem.Target, site.Problem.Inputs.ColumnSweep, new Rounding(0));
        Assert.True(result.allclose(site.Problem.Target));
    }

    // H = [[1, 0.8], [0.8, 4]] is swept from the second column (larger input) to the first:
    // L = [[1, 0], [0.8, 1.8330]]. 0.3 is rounded to 0, so that the first column wants 0.6 + 0.3 · 0.8 / 1 = 0.84 -> 1.
    [Fact]
    public void Run_OverTwoCorrelatedColumns_MakesUpForTheRoundingOfTheFirst()
    {
        using var scope = NewDisposeScope();
        Tensor moment = tensor(new double[,] { { 1, 0.8 }, { 0.8, 4 } });
        using var inputs = new InputMoment(moment.DetachFromDisposeScope(), 1, damping: 0);
        Tensor result = ColumnSweep.Run(tensor(new float[,] { { 0.6f, 0.3f } }), inputs.ColumnSweep, new Rounding(1));
        Assert.Equal([1f, 0f], result.data<float>().ToArray());
    }

    [Fact]
    public void Run_RoundingToAGrid_CostsLessThanRoundingToNearest()
    {
        using var scope = NewDisposeScope();
        using var site = new SyntheticSite(40, 150);
        const float Step = 0.05f;
        Tensor swept = ColumnSweep.Run(site.Problem.Target, site.Problem.Inputs.ColumnSweep, new Rounding(Step));
        Tensor nearest = (site.Problem.Target / Step).round() * Step;
        Assert.True((swept / Step).sub((swept / Step).round()).abs().max().item<float>() < 1e-4);
        Assert.True(site.Problem.Error(swept) < 0.5 * site.Problem.Error(nearest));
    }

    // Only the rounding of each column is left: J = ½ Σ g L_kk² (wanted - decided)².
    [Fact]
    public void Run_OfAnyRule_LeavesTheErrorsThatItMadeColumnByColumn()
    {
        using var scope = NewDisposeScope();
        using var site = new SyntheticSite(1, 130);
        var rule = new Rounding(0.05f);
        Tensor swept = ColumnSweep.Run(site.Problem.Target, site.Problem.Inputs.ColumnSweep, rule);
        float[] diagonal = site.Problem.Inputs.ColumnSweep.Factor.diagonal().contiguous().data<float>().ToArray();
        double sum = rule.Errors.Reverse<float>().Select((error, k) => Math.Pow(error * diagonal[k], 2)).Sum();
        double weight = site.Problem.OutputWeights.item<double>();
        Assert.Equal(1, site.Problem.Error(swept) / (0.5 * weight * sum), 3);
    }

    private sealed class Rounding(float step) : IColumnRule
    {
        public List<float> Errors { get; } = [];

        public void Decide(int column, int firstRow, ReadOnlySpan<float> wanted, Span<float> decided)
        {
            for (int row = 0; row < wanted.Length; row++)
            {
                decided[row] = step > 0 ? MathF.Round(wanted[row] / step) * step : wanted[row];
                Errors.Add(wanted[row] - decided[row]);
            }
        }
    }
}
