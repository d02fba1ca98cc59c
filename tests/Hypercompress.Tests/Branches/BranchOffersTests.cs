using System.Collections.Immutable;
using CsCheck;
using Hypercompress.Branches;
using Hypercompress.Branches.ByteLatent;
using Hypercompress.Branches.KvCache;
using Hypercompress.Branches.LowRank;
using Hypercompress.Branches.Quantization;
using Hypercompress.Branches.Sparsity;
using Hypercompress.Forms;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Registry;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Branches;

[NoTensorLeaks]
public sealed class BranchOffersTests
{
    private static readonly ImmutableArray<ValueFormat> Formats =
        [FloatFormat.Float16, NumberFormatRegistry.Standard.Parse("int8-g16"),
            NumberFormatRegistry.Standard.Parse("uint4-g16")];

    [Fact]
    public void Solve_AnyOfferOfARandomSite_StoresExactlyTheOfferedBytes() =>
        Gen.Select(Gen.Int[3, 40], Gen.Int[3, 40], Gen.Int[0, 4], Gen.Int[0, 1000]).Sample(
            (rows, columns, branchIndex, pick) =>
            {
                using var scope = NewDisposeScope();
                (CompressionBranch branch, WeightSlotKind kind) = Branch(branchIndex, new BranchSettings());
                using var site = new SyntheticSite(rows, columns, pick, kind);
                Assert.True(branch.Handles(site.Problem.Site));
                IReadOnlyList<Offer> offers = branch.MakeOffers(site.Problem, Formats);
                if (offers.Count > 0)
                {
                    Offer offer = offers[pick % offers.Count];
                    using FormMatrix matrix = branch.Solve(site.Problem, offer);
                    Assert.Equal(offer.Bytes, matrix.StoredBytes);
                    Assert.Equal([rows, columns], [matrix.Rows, matrix.Columns]);
                    Assert.Equal(branch.Name, offer.Branch);
                }
            },
            iter: 60,
            threads: 1);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void MakeOffers_EveryOffer_PredictsWhatSolvingMeasures(int branchIndex)
    {
        (CompressionBranch branch, WeightSlotKind kind) = Branch(branchIndex, new BranchSettings());
        using var site = new SyntheticSite(96, 64, 3, kind);
        double energy = site.Problem.Energy();
        IReadOnlyList<Offer> offers = branch.MakeOffers(site.Problem, Formats);
        Assert.NotEmpty(offers);
        foreach (Offer offer in offers)
        {
            using var scope = NewDisposeScope();
            using FormMatrix matrix = branch.Solve(site.Problem, offer);
            double measured = site.Problem.Error(matrix.Materialize());
            double allowed = (0.2 * measured) + (1e-5 * energy);
            Assert.True(
                Math.Abs(offer.PredictedError - measured) <= allowed,
                $"{branch.Name} {string.Join(" ", offer.Setting)}: {offer.PredictedError:g4} and {measured:g4}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void MakeOffers_MoreBytesInAFormat_NeverPredictMoreError(int branchIndex)
    {
        (CompressionBranch branch, WeightSlotKind kind) = Branch(branchIndex, new BranchSettings());
        using var site = new SyntheticSite(96, 64, 4, kind);
        foreach (var group in branch.MakeOffers(site.Problem, [FloatFormat.Float16]).GroupBy(o => o.Setting["format"]))
        {
            double[] errors = [.. group.OrderBy(offer => offer.Bytes).Select(offer => offer.PredictedError)];
            Assert.True(errors.Length > 5);
            Assert.Equal(errors.OrderDescending(), errors);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void MakeOffers_EveryOffer_IsSmallerThanTheMatrixInItsFormat(int branchIndex)
    {
        (CompressionBranch branch, WeightSlotKind kind) = Branch(branchIndex, new BranchSettings());
        using var site = new SyntheticSite(40, 30, 5, kind);
        Assert.All(
            branch.MakeOffers(site.Problem, Formats),
            offer =>
                Assert.True(
                offer.Bytes < NumberFormatRegistry.Standard.Parse(offer.Setting["format"]).StoredBytes(40, 30)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void MakeOffers_ManualWithoutAKnob_OffersNothing(int branchIndex)
    {
        (CompressionBranch branch, WeightSlotKind kind) = Branch(branchIndex, new BranchSettings(Manual: true));
        using var site = new SyntheticSite(40, 30, 6, kind);
        Assert.Empty(branch.MakeOffers(site.Problem, Formats));
    }

    [Fact]
    public void MakeOffers_Manual_OffersExactlyTheConfiguredPoint()
    {
        var manual = new BranchSettings(Manual: true);
        Assert.Equal(["7"], Knobs(new LowRankBranch(new() { Rank = 7 }, manual), WeightSlotKind.Linear, "rank"));
        Assert.Equal(
            ["25"], Knobs(new KvCacheBranch(new() { CacheTokens = 25 }, manual), WeightSlotKind.KeyValue, "rank"));
        Assert.Equal(
            ["5"], Knobs(new ByteLatentBranch(new() { LatentDim = 5 }, manual), WeightSlotKind.Embedding, "rank"));
        Assert.Equal(
            ["0.55"],
            Knobs(new SparsityBranch(new() { TargetSparsity = 0.55 }, manual), WeightSlotKind.Linear, "sparsity"));
        Assert.Equal(
            ["int8-g64"], Knobs(new QuantizationBranch(new() { Bits = [8] }, manual), WeightSlotKind.Linear, "format"));
    }

    [Fact]
    public void MakeOffers_WithCaps_StaysWithinThem()
    {
        var half = new BranchSettings(MaxRankFraction: 0.2);
        Assert.Equal(6, Knobs(new LowRankBranch(new(), half), WeightSlotKind.Linear, "rank").Max(int.Parse));
        Assert.Equal(
            4, Knobs(new KvCacheBranch(new() { CacheTokens = 4 }, new()), WeightSlotKind.KeyValue, "rank")
            .Max(int.Parse));
        Assert.Equal(
            8,
            Knobs(new ByteLatentBranch(new() { EmbeddingReduction = 0.5 }, new()), WeightSlotKind.Embedding, "rank")
                .Max(int.Parse));
        Assert.Equal(
            "0.45", Knobs(
                new SparsityBranch(new() { TargetSparsity = 0.45 }, new()), WeightSlotKind.Linear, "sparsity").Max());
    }

    private static string[] Knobs(CompressionBranch branch, WeightSlotKind kind, string key)
    {
        using var site = new SyntheticSite(40, 30, 6, kind);
        return [.. branch.MakeOffers(site.Problem, [FloatFormat.Float16]).Select(offer => offer.Setting[key])];
    }

    private static (CompressionBranch Branch, WeightSlotKind Kind) Branch(
        int index, BranchSettings settings) => index switch
        {
            0 => (new LowRankBranch(new LowRankOptions(), settings), WeightSlotKind.Linear),
            1 => (new KvCacheBranch(new KvCacheOptions(), settings), WeightSlotKind.KeyValue),
            2 => (new ByteLatentBranch(new ByteLatentOptions(), settings), WeightSlotKind.Embedding),
            3 => (new SparsityBranch(new SparsityOptions(), settings), WeightSlotKind.Head),
            _ => (new QuantizationBranch(new QuantizationOptions { GroupSize = 16 }, settings), WeightSlotKind.Embedding),
        };
}
