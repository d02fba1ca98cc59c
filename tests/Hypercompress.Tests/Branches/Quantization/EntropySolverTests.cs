using Hypercompress.Branches;
using Hypercompress.Branches.Quantization;
using Hypercompress.Forms;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.EntropyCoding;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.Sites;
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
        Offer offer = Assert.Single(branch.MakeOffers(site.Problem, [FloatFormat.Float16]));
        using FormMatrix matrix = branch.Solve(site.Problem, offer);
        Assert.Equal(offer.Bytes, matrix.StoredBytes);
        using Tensor approximation = matrix.Materialize();
        Assert.InRange(site.Problem.Error(approximation) / offer.PredictedError, 0.7, 1.4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2.5)]
    [NoTensorLeaks]
    public void SolveTrial_HasTheBytesOfItsOfferAndAboutTheErrorOfSolve(double bits)
    {
        using var site = new SyntheticSite(256, 96);
        var branch = new QuantizationBranch(new() { EntropyBits = bits }, new BranchSettings(Manual: true));
        Offer offer = Assert.Single(branch.MakeOffers(site.Problem, [FloatFormat.Float16]));
        using FormMatrix exact = branch.Solve(site.Problem, offer);
        using FormMatrix trial = branch.SolveTrial(site.Problem, offer);
        Assert.Equal(offer.Bytes, trial.StoredBytes);
        using Tensor ofExact = exact.Materialize(), ofTrial = trial.Materialize();
        Assert.InRange(site.Problem.Error(ofTrial) / site.Problem.Error(ofExact), 0.9, 1.1);
    }

    // The sweep lets columns make up for each other, and the scales put the bits where the metric weighs most.
    [Fact]
    public void Solve_WithCorrelatedInputs_BeatsRoundingInTheSameBytes()
    {
        using var scope = NewDisposeScope();
        using var site = new SyntheticSite(256, 96);
        var format = new EntropyFormat(3000);
        using FormMatrix solved = EntropySolver.Solve(site.Problem, format);
        using DenseForm rounded = DenseForm.From(site.Problem.Target, format);
        Assert.True(site.Problem.Error(solved.Materialize()) < 0.5 * site.Problem.Error(rounded.Materialize()));
    }

    // Rows make up for each other too. Outputs that hang together are few directions, which errors can keep out of.
    [Theory]
    [InlineData(1.5)]
    [InlineData(3)]
    [NoTensorLeaks]
    public void Solve_WithCorrelatedOutputs_BeatsRowsForThemselves(double bits)
    {
        using var scope = NewDisposeScope();
        using var site = new SyntheticSite(256, 96, correlatedOutputs: true);
        var format = new EntropyFormat((int)(1000 * bits));
        using var apart = new SiteProblem(
            site.Problem.Site, site.Problem.Target, site.Problem.Inputs, site.Problem.OutputWeights, ownsTarget: false);
        using FormMatrix together = EntropySolver.Solve(site.Problem, format);
        using FormMatrix alone = EntropySolver.Solve(apart, format);
        Assert.Equal(alone.StoredBytes, together.StoredBytes);
        Assert.InRange(site.Problem.Error(together.Materialize()) / site.Problem.Error(alone.Materialize()), 0, 0.97);
    }

    [Theory]
    [InlineData(1.5)]
    [InlineData(4)]
    public void Solve_OfAnOfferWithCorrelatedOutputs_HasAboutItsError(double bits)
    {
        using var scope = NewDisposeScope();
        using var site = new SyntheticSite(256, 96, correlatedOutputs: true);
        var branch = new QuantizationBranch(new() { EntropyBits = bits }, new BranchSettings(Manual: true));
        Offer offer = Assert.Single(branch.MakeOffers(site.Problem, [FloatFormat.Float16]));
        using FormMatrix matrix = branch.Solve(site.Problem, offer);
        Assert.InRange(site.Problem.Error(matrix.Materialize()) / offer.PredictedError, 0.7, 1.4);
    }

    // A run of the stream has 2048 rows; rows of different runs do not interact.
    [Fact]
    public void Solve_OfMoreRowsThanARun_BeatsRowsForThemselves()
    {
        using var scope = NewDisposeScope();
        using var site = new SyntheticSite(2112, 8, correlatedOutputs: true);
        var format = new EntropyFormat(3000);
        using var apart = new SiteProblem(
            site.Problem.Site, site.Problem.Target, site.Problem.Inputs, site.Problem.OutputWeights, ownsTarget: false);
        using FormMatrix together = EntropySolver.Solve(site.Problem, format);
        using FormMatrix alone = EntropySolver.Solve(apart, format);
        Assert.True(site.Problem.Error(together.Materialize()) < 0.95 * site.Problem.Error(alone.Materialize()));
    }

    // A value that is far larger than the others is not cut off to the largest level: its error would be that of all
    // others together and more. Where no grid of that size counts so far, a coarser one is taken.
    [Theory]
    [InlineData(3e2)]
    [InlineData(3e4)]
    [InlineData(3e6)]
    public void Solve_WithAValueFarLargerThanTheOthers_CutsNothingOff(double factor)
    {
        using var scope = NewDisposeScope();
        using var plain = new SyntheticSite(256, 96);
        Tensor outliers = plain.Problem.Target.clone();
        outliers.narrow(0, 7, 1).narrow(1, 5, 1).mul_(factor);
        using SiteProblem problem = plain.Problem.WithTarget(outliers.DetachFromDisposeScope());
        using FormMatrix solved = EntropySolver.Solve(problem, new EntropyFormat(8000));
        float stored = solved.Materialize()[7, 5].item<float>();
        Assert.Equal(1, stored / problem.Target[7, 5].item<float>(), 1e-3);
        Assert.True(problem.Error(solved.Materialize()) < 2 * plain.Problem.Energy());
    }

    [Fact]
    public void ErrorAt_BetweenPoints_IsLinearInTheLogarithm()
    {
        MeasuredRate[] points = [new(1, 4), new(2, 1), new(4, 0.01)];
        Assert.Equal(2, MeasuredRate.ErrorAt(points, 1.5), 12);
        Assert.Equal(0.1, MeasuredRate.ErrorAt(points, 3), 12);
        Assert.Equal(16, MeasuredRate.ErrorAt(points, 0), 12);
    }
}
