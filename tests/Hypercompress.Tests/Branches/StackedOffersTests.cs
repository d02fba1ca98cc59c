using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Branches.KvCache;
using Hypercompress.Branches.LowRank;
using Hypercompress.Forms;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Registry;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Branches;

[NoTensorLeaks]
public sealed class StackedOffersTests : IDisposable
{
    private static readonly ImmutableArray<ValueFormat> Formats =
        [FloatFormat.Float16, NumberFormatRegistry.Standard.Parse("int8-g16"),
            NumberFormatRegistry.Standard.Parse("uint4-g16")];

    private static readonly LowRankBranch Branch = new(new LowRankOptions { Stacked = true }, new BranchSettings());

    private readonly SyntheticSite _site = new(48, 32);
    private readonly SyntheticSite _other = new(40, 32, seed: 2);
    private readonly SiteProblem[] _group;

    public StackedOffersTests()
    {
        _group = [Named("gate", _site.Problem.Target), Named("up", _other.Problem.Target)];

        // Made when first asked for, and kept.
        _ = (_site.Problem.Inputs.Factor, _other.Problem.Inputs.Factor);
    }

    public void Dispose()
    {
        Array.ForEach(_group, problem => problem.Dispose());
        _site.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void Stacks_ByDefault_LeavesTheFieldToCodes()
    {
        var branch = new LowRankBranch(new LowRankOptions(), new BranchSettings());
        Assert.False(branch.Stacks(_group[0].Site, Formats));
        Assert.True(branch.Stacks(_group[0].Site, [FloatFormat.Float16]));
    }

    [Fact]
    public void MakeStacks_EveryOffer_KeepsItsBytesAndItsError()
    {
        double energy = _group.Sum(problem => problem.Energy());
        IReadOnlyList<OfferStack> stacks = Branch.MakeStacks(_group, Formats);
        Assert.Equal(3, stacks.Select(stack => stack.Offers[0].Setting["format"]).Distinct().Count());
        foreach (OfferStack stack in stacks)
        {
            Assert.Equal(["gate", "up"], stack.Sites);
            IReadOnlyList<FormMatrix> pieces = Branch.SolveStack(_group, stack.Offers);
            for (int index = 0; index < pieces.Count; index++)
            {
                using Tensor values = pieces[index].Materialize();
                double measured = _group[index].Error(values);
                Offer offer = stack.Offers[index];
                Assert.Equal(offer.Bytes, pieces[index].StoredBytes);
                Assert.Equal(offer.MultiplyAdds, pieces[index].MultiplyAdds);
                Assert.Equal(offer.PredictedError, measured, (0.2 * measured) + (1e-5 * energy));
                Assert.Equal(("gate", "lra", false), (offer.Owner, offer.Branch, offer.Combines));
            }

            Release(pieces);
        }
    }

    // [48; 40] by 32 in 16 bits: at rank 1 U of each and V at the first site alone; at rank 8 the first site is 8 of
    // its rows, coefficients of the other 40 and a bit per row, and the second 8 coefficients for each of its rows.
    [Fact]
    public void MakeStacks_CountTheSharedFactorOnce()
    {
        IReadOnlyList<OfferStack> stacks = Branch.MakeStacks(_group, [FloatFormat.Float16]);
        IEnumerable<long> Bytes(string rank) =>
            stacks.First(made => made.Offers[0].Setting["rank"] == rank).Offers.Select(offer => offer.Bytes);

        Assert.Equal([2L * (48 + 32), 2L * 40], Bytes("1"));
        Assert.Equal([(2L * 8 * (32 + 40)) + 6, 2L * 8 * 40], Bytes("8"));
    }

    [Fact]
    public void MakeStacks_OfSitesWithOneSpace_BeatsEachByItself()
    {
        using SiteProblem twin = Named("up", _site.Problem.Target);
        Offer alone = Branch.MakeOffers(_group[0], [FloatFormat.Float16]).First(offer => offer.Setting["rank"] == "8");

        OfferStack stack = Branch.MakeStacks([_group[0], twin], [FloatFormat.Float16]).First(
            made => made.Offers[0].Setting["rank"] == "8");

        Assert.All(
            stack.Offers, offer =>
            Assert.Equal(alone.PredictedError, offer.PredictedError, 1e-3 * alone.PredictedError));
        Assert.True(stack.Offers.Sum(offer => offer.Bytes) < 2 * alone.Bytes);
    }

    [Fact]
    public void MakeStacks_WithCaps_StaysWithinThem()
    {
        var capped = new LowRankBranch(new LowRankOptions { Rank = 4, Stacked = true }, new BranchSettings());
        var narrow = new LowRankBranch(new LowRankOptions { Stacked = true }, new BranchSettings(MaxRankFraction: 0.2));
        var thrifty = new LowRankBranch(
            new LowRankOptions { EnergyThreshold = 0.5, Stacked = true }, new BranchSettings());
        int Highest(LowRankBranch branch) => branch.MakeStacks(_group, Formats).Max(
            stack => int.Parse(stack.Offers[0].Setting["rank"]));

        Assert.Equal([4, 6], new[] { capped, narrow }.Select(Highest));
        Assert.InRange(Highest(thrifty), 1, Highest(Branch) - 1);
    }

    // Behind a compressed prefix the sites may be corrected differently: V is then a compromise, and U makes the best
    // of it.
    [Fact]
    public void SolveStack_WithDifferentInputs_FitsEachSitesOwnFactor()
    {
        SiteProblem[] group = [_site.Problem, _other.Problem];
        Offer offer = Branch.MakeStacks(_group, [FloatFormat.Float32])
            .First(made => made.Offers[0].Setting["rank"] == "8").Offers[0];
        IReadOnlyList<FormMatrix> pieces = Branch.SolveStack(group, [offer, offer]);
        using StackedSpectrum spectrum = StackedSpectrum.Factorize(group);
        using var scope = NewDisposeScope();
        (ImmutableArray<Tensor> ups, Tensor down) = spectrum.Factors(8);

        double compromise = group[1].Error(ups[1].matmul(down).to(ScalarType.Float32));
        Assert.True(group[1].Error(pieces[1].Materialize()) < compromise);
        Release(pieces);
    }

    [Fact]
    public void Stacks_WhereSwitchedOffManualOrOfAnotherKind_IsFalse()
    {
        Site site = _group[0].Site;

        Assert.True(Branch.Stacks(site, Formats));
        Assert.False(Branch.Stacks(site with { Kind = WeightSlotKind.KeyValue }, Formats));
        Assert.False(
            new LowRankBranch(new LowRankOptions { Stacked = false }, new BranchSettings()).Stacks(site, Formats));
        Assert.False(
            new LowRankBranch(new LowRankOptions { Rank = 4 }, new BranchSettings(Manual: true)).Stacks(site, Formats));
    }

    [Fact]
    public void Stacks_OfABranchThatMakesNone_AreNone()
    {
        var branch = new KvCacheBranch(new KvCacheOptions(), new BranchSettings());

        Assert.False(branch.Stacks(_group[0].Site, Formats));
        Assert.Empty(branch.MakeStacks(_group, Formats));
        Assert.Throws<NotSupportedException>(() => branch.SolveStack(_group, []));
    }

    [Fact]
    public void SolveStack_WithAnImpossibleRank_IsAConfigurationError()
    {
        Offer offer = Branch.MakeStacks(_group, Formats)[0].Offers[0];
        Offer edited = offer with { Setting = offer.Setting.SetItem("rank", "33") };

        var failure = Assert.Throws<ConfigurationException>(() => Branch.SolveStack(_group, [edited, edited]));

        Assert.Contains("33", failure.Message, StringComparison.Ordinal);
    }

    private static void Release(IReadOnlyList<FormMatrix> pieces)
    {
        foreach (FormMatrix piece in pieces)
        {
            piece.Dispose();
        }
    }

    private SiteProblem Named(string name, Tensor target) => new(
        new Site(name, WeightSlotKind.Linear, 0, target.shape[0], 32),
        target.clone(),
        _site.Problem.Inputs,
        (target.shape[0] == 48 ? _site : _other).Problem.OutputWeights);
}
