using Hypercompress.Branches;
using Hypercompress.Branches.Quantization;
using Hypercompress.Forms;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Integers;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Branches.Quantization;

[NoTensorLeaks]
public sealed class GroupSolverTests
{
    // Codes 0, 1, 2 with scale 1 stand for 0, 1, 2; under equal weights the line through 1, 3, 5 is 2 q + 1.
    [Fact]
    public void Improve_OfAffineCodesOnALine_FindsScaleAndMinimum()
    {
        using var scope = NewDisposeScope();
        Tensor target = tensor(new float[,] { { 1, 3, 5 } });
        Tensor codes = tensor(new float[,] { { 0, 1, 2 } });
        GroupRanges improved = ScaleFit.Improve(target, eye(3), codes, 8, new GroupRanges(ones(1, 1), zeros(1, 1)));
        Assert.Equal(2, improved.Scales.item<float>(), 1e-2);
        Assert.Equal(1, improved.Minimums!.item<float>(), 1e-2);
    }

    // Two groups of two columns: with H = [[1, h], [h, 1]] between the groups' first columns the second takes over what
    // the first cannot. T = (1, 0, 0, 0), codes (0, 0 | 1, 0): scale_2 = h.
    [Fact]
    public void Improve_OfCorrelatedGroups_LetsOneMakeUpForTheOther()
    {
        using var scope = NewDisposeScope();
        Tensor moment = eye(4);
        moment[0, 2] = 0.5f;
        moment[2, 0] = 0.5f;
        GroupRanges improved = ScaleFit.Improve(
            tensor(new float[,] { { 1, 0, 0, 0 } }), moment, tensor(new float[,] { { 0, 0, 1, 0 } }), 2,
            new GroupRanges(ones(1, 2), null));
        Assert.Equal(0.5, improved.Scales[0, 1].item<float>(), 1e-3);
        Assert.Equal(1, improved.Scales[0, 0].item<float>());
    }

    [Theory]
    [InlineData("int8-g16")]
    [InlineData("uint4-g16")]
    [InlineData("uint3-g40")]
    [InlineData("int2-g8")]
    public void Encode_InAnyFormat_CostsLessThanRoundingToNearest(string name)
    {
        using var scope = NewDisposeScope();
        using var site = new SyntheticSite(40, 90);
        var format = IntegerFormat.TryParse(name)!;
        using StoredValues swept = GroupSolver.Encode(site.Problem.Target, format, site.Problem.Inputs);
        using StoredValues nearest = format.Encode(site.Problem.Target, site.Problem.Inputs.Moment.diagonal());
        Assert.Equal(nearest.StoredBytes, swept.StoredBytes);
        Assert.True(site.Problem.Error(swept.Value()) < 0.7 * site.Problem.Error(nearest.Value()));
    }

    [Fact]
    public void Encode_OfAConstantMatrix_IsExact()
    {
        using var scope = NewDisposeScope();
        using var site = new SyntheticSite(4, 20);
        foreach (string name in new[] { "uint4-g8", "int8-g8" })
        {
            using StoredValues zero = GroupSolver.Encode(
                zeros(4, 20), IntegerFormat.TryParse(name)!, site.Problem.Inputs);
            Assert.Equal(0, zero.Value().abs().max().item<float>());
        }
    }

    [Theory]
    [InlineData("rtn")]
    [InlineData("gptq")]
    public void MakeOffers_OfALargeSite_PredictOnRowsWhatSolvingMeasures(string method)
    {
        using var scope = NewDisposeScope();
        using var site = new SyntheticSite(900, 60, 3);
        var branch = new QuantizationBranch(
            new QuantizationOptions { Method = method, Bits = [8, 4, 3], GroupSize = 16, EntropyCoding = false },
            new BranchSettings());
        foreach (Offer offer in branch.MakeOffers(site.Problem, [FloatFormat.Float16]))
        {
            using FormMatrix matrix = branch.Solve(site.Problem, offer);
            Assert.Equal(offer.Bytes, matrix.StoredBytes);
            Assert.Equal(1, offer.PredictedError / site.Problem.Error(matrix.Materialize()), 0.1);
        }
    }
}
