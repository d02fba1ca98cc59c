using Hypercompress.Branches;
using Hypercompress.Branches.Quantization;
using Hypercompress.Forms;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Blocks;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.Sites;
using Hypercompress.Targets;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Branches.Quantization;

[NoTensorLeaks]
public sealed class BlockSolverTests
{
    public static TheoryData<string> Names => [.. BlockFormat.All.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Encode_InAnyFormat_CostsLessThanRoundingBlocksAlone(string name)
    {
        using var scope = NewDisposeScope();
        using var site = new SyntheticSite(40, 256);
        BlockFormat format = BlockFormat.TryParse(name)!;
        using StoredValues swept = BlockSolver.Encode(site.Problem.Target, format, site.Problem.Inputs);
        using StoredValues alone = format.Encode(site.Problem.Target, site.Problem.Inputs.Moment.diagonal());

        Assert.Equal(alone.StoredBytes, swept.StoredBytes);
        Assert.InRange(site.Problem.Error(swept.Value()) / site.Problem.Error(alone.Value()), 0, 0.8);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Improve_OfASweptMatrix_NeverCostsMoreAndOftenLess(string name)
    {
        using var scope = NewDisposeScope();
        using var site = new SyntheticSite(40, 512);
        BlockFormat format = BlockFormat.TryParse(name)!;
        InputMoment inputs = site.Problem.Inputs;
        Tensor blocks = BlockSweep.Run(
            site.Problem.Target, inputs.BlockSweep(BlockSweep.GroupsOf(format.Grid)), format.Grid);
        double[] swept = RowErrors(site, format, blocks);
        new BlockDescent(site.Problem.Target, inputs.Moment.to(ScalarType.Float32), format).Improve(blocks);
        double[] improved = RowErrors(site, format, blocks);

        Assert.All(improved.Zip(swept), pair => Assert.True(pair.First <= pair.Second * 1.0001));
        Assert.True(improved.Sum() < swept.Sum());
    }

    [Fact]
    public void MakeOffers_ForGguf_AreBlocksThatHoldTheRowsAndPredictWhatSolvingMeasures()
    {
        using var scope = NewDisposeScope();
        using var site = new SyntheticSite(450, 96, 3);
        var branch = new QuantizationBranch(new QuantizationOptions(), ForGguf());
        IReadOnlyList<Offer> offers = branch.MakeOffers(site.Problem, [FloatFormat.Float16]);

        Assert.Equal(
            BlockFormat.All.Where(format => format.Grid.Elements == 32).Select(format => format.Name),
            offers.Select(offer => offer.Setting["format"]).OrderBy(name => Place(name)));
        foreach (Offer offer in offers)
        {
            using FormMatrix matrix = branch.Solve(site.Problem, offer);
            Assert.Equal(offer.Bytes, matrix.StoredBytes);
            Assert.Equal(1, offer.PredictedError / site.Problem.Error(matrix.Materialize()), 0.15);
        }
    }

    [Fact]
    public void Formats_ThatTheRuntimeDoesNotHold_AreRefused()
    {
        var options = new QuantizationOptions { Formats = ["q4_0", "int8-g64"] };
        ConfigurationException failure =
            Assert.Throws<ConfigurationException>(() => new QuantizationBranch(options, ForGguf()));
        Assert.Contains("'gguf' does not hold int8-g64", failure.Message, StringComparison.Ordinal);
    }

    private static double[] RowErrors(SyntheticSite site, BlockFormat format, Tensor blocks)
    {
        using var scope = NewDisposeScope();
        using var values = new BlockValues(format, 40, 512, blocks);
        Tensor difference = (site.Problem.Target - values.Value()).to(ScalarType.Float64);
        return (difference.matmul(site.Problem.Inputs.Moment) * difference).sum(dim: 1).data<double>().ToArray();
    }

    private static BranchSettings ForGguf() => new() { Target = RuntimeTargets.Find("gguf") };

    private static int Place(string name) => BlockFormat.All.Index().First(format => format.Item.Name == name).Index;
}
