using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Sites;

public sealed class RowSweepFactorTests
{
    // G = [[2, 1.4], [1.4, 4]] (2 correlated by 1, shrunk by 0.3): the second row makes up for 1.4 / 4 of the first
    // row's error, so that the first costs 2 - 1.4² / 4.
    [Fact]
    [NoTensorLeaks]
    public void Of_TwoRows_IsAsByHand()
    {
        using var scope = NewDisposeScope();
        using var moment = new OutputMoment(
            tensor(new[] { 2.0, 2.0, 2.0, 4.0 }).view(2, 2), tensor(new[] { 2.0, 4.0 }), shrinkage: 0.3);
        using var sweep = RowSweepFactor.Of(moment, runRows: 2, blockRows: 1);
        Assert.Equal(2 - (1.4 * 1.4 / 4), sweep.Prices[0].item<double>(), 1e-12);
        Assert.Equal(4, sweep.Prices[1].item<double>(), 1e-12);
        Assert.Equal(1.4 / 4, sweep.Coefficients[1, 0].item<float>(), 1e-6);
    }

    // tr[Eᵀ G E] with G = U D Uᵀ, for errors in one block at a time: D has the blocks that prices are the diagonals of.
    [Theory]
    [InlineData(1, 24)]
    [InlineData(5, 24)]
    [InlineData(8, 24)]
    [InlineData(4, 10)]
    public void Of_AnyBlocks_SplitsTheError(int blockRows, int runRows)
    {
        using var scope = NewDisposeScope();
        using OutputMoment moment = Random(24);
        using var sweep = RowSweepFactor.Of(moment, runRows, blockRows);
        for (int row = 0; row < 24; row++)
        {
            Tensor error = Cancelled(sweep, row, blockRows, runRows);
            Tensor run = Run(moment.Moment, row, runRows);
            double whole = error.matmul(run).dot(error).item<double>();
            Assert.Equal(sweep.Prices[row].item<double>(), whole, 1e-5);
        }
    }

    [Fact]
    public void Of_OneBlock_HasThePricesOfTheMoment()
    {
        using var scope = NewDisposeScope();
        using OutputMoment moment = Random(24);
        using var sweep = RowSweepFactor.Of(moment, runRows: 24, blockRows: 24);
        Assert.True(sweep.Prices.allclose(moment.Moment.diagonal()));
        Assert.Equal(0, sweep.Coefficients.abs().max().item<float>());
    }

    // The error of one row alone, with all later blocks of its run making up for it exactly.
    private static Tensor Cancelled(RowSweepFactor sweep, int row, int blockRows, int runRows)
    {
        long rows = sweep.Prices.shape[0];
        Tensor error = zeros(rows, dtype: ScalarType.Float64);
        error[row] = 1;
        int run = row / runRows * runRows;
        int inRun = row - run;
        for (long later = run + (((inRun / blockRows) + 1) * blockRows); later < Math.Min(rows, run + runRows); later++)
        {
            long before = run + ((later - run) / blockRows * blockRows);
            error[later] =
                -sweep.Coefficients[later].narrow(0, 0, before).to(ScalarType.Float64).dot(error.narrow(0, 0, before));
        }

        return error;
    }

    // Runs do not interact.
    private static Tensor Run(Tensor moment, int row, int runRows)
    {
        int first = row / runRows * runRows;
        long count = Math.Min(runRows, moment.shape[0] - first);
        Tensor run = zeros_like(moment);
        run.narrow(0, first, count).narrow(1, first, count).copy_(
            moment.narrow(0, first, count).narrow(1, first, count));
        return run;
    }

    private static OutputMoment Random(long rows)
    {
        using var generator = new Generator(3);
        Tensor gradients = randn(2 * rows, rows, dtype: ScalarType.Float64, generator: generator);
        gradients = gradients.matmul(randn(rows, rows, dtype: ScalarType.Float64, generator: generator)) / rows;
        Tensor moment = gradients.t().matmul(gradients);
        return new OutputMoment(moment, moment.diagonal(), shrinkage: 0.3);
    }
}
