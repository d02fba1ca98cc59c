using Hypercompress.Branches;
using Hypercompress.Branches.Quantization;
using Hypercompress.Forms;
using Hypercompress.NumberFormats;
using Hypercompress.TestKit;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Branches.Quantization;

public sealed class EntropySolverTests
{
    [Theory]
    [InlineData(1.5)]
    [InlineData(4)]
    [NoTensorLeaks]
    public void Solve_OfAnOffer_HasItsBytesAndAboutItsError(double bits)
    {
        using var site = new SyntheticSite(256, 96);
        var branch = new QuantizationBranch(new() { EntropyBits = bits }, new BranchSettings(Manual: true));
        Offer offer = Assert.Single(branch.MakeOffers(site.Problem, [ValueFormat.Float16]));
        using FormMatrix matrix = branch.Solve(site.Problem, offer);
        Assert.Equal(offer.Bytes, matrix.StoredBytes);
        using Tensor approximation = matrix.Materialize();
        Assert.InRange(site.Problem.Error(approximation) / offer.PredictedError, 0.7, 1.4);
    }

    // The sweep lets columns make up for each other, and the scales put the bits where the metric weighs most.
    [Fact]
    public void Solve_WithCorrelatedInputs_BeatsRoundingInTheSameBytes()
    {
        using var scope = NewDisposeScope();
        using var site = new SyntheticSite(256, 96);
        var format = ValueFormat.EntropyCoded(3000);
        using FormMatrix solved = EntropySolver.Solve(site.Problem, format);
        using DenseForm rounded = DenseForm.From(site.Problem.Target, format);
        Assert.True(site.Problem.Error(solved.Materialize()) < 0.5 * site.Problem.Error(rounded.Materialize()));
    }

    [Fact]
    public void ErrorAt_BetweenPoints_IsLinearInTheLogarithm()
    {
        RatePoint[] points = [new(1, 4), new(2, 1), new(4, 0.01)];
        Assert.Equal(2, RatePoint.ErrorAt(points, 1.5), 12);
        Assert.Equal(0.1, RatePoint.ErrorAt(points, 3), 12);
        Assert.Equal(16, RatePoint.ErrorAt(points, 0), 12);
    }
}
