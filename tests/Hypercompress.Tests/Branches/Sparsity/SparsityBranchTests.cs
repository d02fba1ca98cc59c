using Hypercompress.Branches;
using Hypercompress.Branches.Sparsity;
using Hypercompress.Forms;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Registry;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Branches.Sparsity;

[NoTensorLeaks]
public sealed class SparsityBranchTests
{
    public static TheoryData<SparsityOptions> Settings =>
    [
        new SparsityOptions { Method = "magnitude" },
        new SparsityOptions { Method = "wanda" },
        new SparsityOptions { Method = "wanda", EnableOutlierWeighting = true },
        new SparsityOptions { Method = "sparsegpt" },
        new SparsityOptions { Method = "sparsegpt", Pattern = "4:8" },
        new SparsityOptions { Method = "admm", EnableOutlierWeighting = true },
        new SparsityOptions { Method = "admm", Pattern = "2:4" },
        new SparsityOptions { BregmanIterations = 10 },
    ];

    [Theory]
    [MemberData(nameof(Settings))]
    public void MakeOffers_OfALargeSite_PredictOnRowsWhatSolvingMeasuresInTheSameBytes(SparsityOptions options)
    {
        using var scope = NewDisposeScope();
        using var site = new SyntheticSite(700, 60, 3);
        var branch = new SparsityBranch(options, new BranchSettings());
        IReadOnlyList<Offer> offers = branch.MakeOffers(
            site.Problem,
            [FloatFormat.Float16, NumberFormatRegistry.Standard.Parse("uint4-g16"),
                NumberFormatRegistry.Standard.Parse("ec2.5")]);
        Assert.NotEmpty(offers);
        foreach (Offer offer in offers.Where(offer => offer.Setting["sparsity"] is "0.5" or "0.8"))
        {
            using FormMatrix matrix = branch.Solve(site.Problem, offer);
            Assert.Equal(offer.Bytes, matrix.StoredBytes);
            double share = offer.PredictedError / site.Problem.Error(matrix.Materialize());

            Assert.True(share is > 0.8 and < 1.2, $"{string.Join(" ", offer.Setting)}: {share:g4}");
        }
    }

    [Fact]
    public void Solve_WithMoreCleverMethods_CostsLess()
    {
        using var scope = NewDisposeScope();
        using var site = new SyntheticSite(64, 64, 4);
        double[] errors =
            [.. new[] { "magnitude", "wanda", "sparsegpt", "admm" }.Select(
            method => ErrorAt(site, new() { Method = method, TargetSparsity = 0.5 }))];
        Assert.Equal(errors.OrderDescending(), errors);
    }

    [Fact]
    public void MakeOffers_WithAPattern_OffersThatShareAlone()
    {
        using var site = new SyntheticSite(16, 16, 4);
        var formats = new[] { FloatFormat.Float16 };
        foreach (bool manual in new[] { false, true })
        {
            Offer only = Assert.Single(
                new SparsityBranch(new() { Pattern = "2:4" }, new(Manual: manual)).MakeOffers(site.Problem, formats));
            Assert.Equal((16 * 2) + (2 * 128), only.Bytes);
        }

        Assert.Empty(
            new SparsityBranch(new() { Pattern = "2:4", TargetSparsity = 0.4 }, new())
            .MakeOffers(site.Problem, formats));
    }

    [Theory]
    [InlineData("4:4")]
    [InlineData("0:4")]
    [InlineData("3:33")]
    public void Create_WithAnImpossiblePattern_Throws(string pattern) =>
        Assert.Throws<ConfigurationException>(() => new SparsityBranch(new() { Pattern = pattern }, new()));

    [Fact]
    public void Create_WithSettingsThatContradict_Throws()
    {
        Assert.Throws<ConfigurationException>(
            () => new SparsityBranch(new() { Pattern = "2:4", TargetSparsity = 0.6 }, new(Manual: true)));
        Assert.Throws<ConfigurationException>(
            () => new SparsityBranch(new() { Pattern = "2:4", EnableOutlierWeighting = true }, new()));
    }

    private static double ErrorAt(SyntheticSite site, SparsityOptions options)
    {
        var branch = new SparsityBranch(options, new BranchSettings(Manual: true));
        Offer offer = branch.MakeOffers(site.Problem, [FloatFormat.Float32])[0];
        using FormMatrix matrix = branch.Solve(site.Problem, offer);
        using Tensor values = matrix.Materialize();
        return site.Problem.Error(values);
    }
}
