using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Forms;
using Hypercompress.Merging;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Merging;

[NoTensorLeaks]
public sealed class MergeStrategyTests(ITestOutputHelper output)
{
    [Fact]
    public void Joint_LowRankPlusSparse_BeatsEachBranchAndTheAverageByFar()
    {
        using var site = new MergeFixture(seed: 1);

        SiteBlueprint merged = new JointMerge().Merge(
            site.Problem, [site.Propose("factors", MergeFixture.Rank), site.Propose("entries", MergeFixture.Entries)],
            MergeFixture.Branch);

        using FormMatrix matrix = merged.Matrix;
        output.WriteLine($"joint {merged.Error:g4}, {string.Join(", ", merged.Alternatives)}");
        Assert.Equal(["entries", "factors", "weighted"], merged.Alternatives.Keys);
        Assert.All(merged.Alternatives.Values, error => Assert.True(merged.Error < 0.2 * error));
        Assert.Equal(site.Measure(matrix), merged.Error, 1e-4 * merged.Error);
        Assert.Equal("low-rank+sparse", string.Join('+', matrix.Describe().Parts.Select(part => part.Kind)));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 6, 200)]
    [InlineData(3, 12, 30)]
    [InlineData(4, 2, 600)]
    public void Joint_AnySizes_NeverLosesToOnePieceNorToFewerIterations(ulong seed, int rank, int entries)
    {
        using var site = new MergeFixture(seed);
        double last = double.PositiveInfinity;

        foreach (int iterations in new[] { 0, 1, 3, 6 })
        {
            SiteBlueprint merged = new JointMerge(iterations, tolerance: 0).Merge(
                site.Problem, [site.Propose("entries", entries), site.Propose("factors", rank)], MergeFixture.Branch);
            merged.Matrix.Dispose();
            Assert.InRange(merged.Error, 0, Math.Min(merged.Alternatives["entries"], merged.Alternatives["factors"]));
            Assert.InRange(merged.Error, 0, last);
            last = merged.Error;
        }
    }

    [Fact]
    public void Joint_SumThatDoesNotHelp_KeepsTheBestPieceAlone()
    {
        using var site = new MergeFixture(seed: 5);
        Proposal exact = site.Propose("factors", 32);
        Proposal other = site.Propose("entries", 5);

        SiteBlueprint merged = new JointMerge()
            .Merge(site.Problem, [other, exact with { Error = 0 }], name => new Useless(name));

        using FormMatrix matrix = merged.Matrix;
        Assert.Same(exact.Matrix, matrix);
        Assert.Equal(merged.Alternatives["factors"], merged.Error);
    }

    [Fact]
    public void Weighted_TwoPieces_IsTheAverageByRatio()
    {
        using var scope = NewDisposeScope();

        // 2 × 2: ratios are 4/4 (dense) and 4/1 (one entry), so the weights are 1/5 and 4/5.
        using var inputs = new InputMoment(eye(2, dtype: ScalarType.Float64), tokens: 1, damping: 0);
        Tensor weights = ones(2, dtype: ScalarType.Float64);
        Tensor target = tensor(new float[] { 10, 0, 0, 5 }).reshape(2, 2);
        var place = new Site("a", WeightSlotKind.Linear, 0, 2, 2);
        using var problem = new SiteProblem(place, target, inputs, weights, ownsTarget: false);
        Tensor rough = tensor(new float[] { 5, 10, 0, 5 }).reshape(2, 2);
        Tensor mask = tensor(new[] { true, false, false, false }).reshape(2, 2);
        Proposal dense = Proposed(place, "factors", DenseForm.From(rough, FloatFormat.Float32));
        Proposal sparse = Proposed(place, "entries", SparseForm.From(target, mask, FloatFormat.Float32));

        SiteBlueprint merged = new WeightedMerge().Merge(problem, [dense, sparse], name => new Useless(name));

        using FormMatrix matrix = merged.Matrix;
        using Tensor values = matrix.Materialize();
        Assert.Equal([9f, 2f, 0f, 1f], values.data<float>().ToArray());
        Assert.Equal(0.5 * (1 + 4 + 16), merged.Error, 1e-5);
        Assert.Equal(0.5 * (25 + 100), merged.Alternatives["factors"], 1e-4);
        Assert.Equal(0.5 * 25, merged.Alternatives["entries"], 1e-4);
        Assert.Contains("joint", merged.Alternatives.Keys);
    }

    [Fact]
    public void WeightedAndJoint_SameProposals_NameEachOtherAlike()
    {
        using var site = new MergeFixture(seed: 6);
        Proposal[] Proposals() => [site.Propose("factors", 3), site.Propose("entries", 60)];

        SiteBlueprint joint = new JointMerge().Merge(site.Problem, Proposals(), MergeFixture.Branch);
        SiteBlueprint weighted = new WeightedMerge().Merge(site.Problem, Proposals(), MergeFixture.Branch);

        joint.Matrix.Dispose();
        weighted.Matrix.Dispose();
        Assert.Equal(joint.Error, weighted.Alternatives["joint"], 1e-9);
        Assert.Equal(weighted.Error, joint.Alternatives["weighted"], 1e-4 * weighted.Error);
    }

    [Fact]
    public void Merge_OneProposal_IsTakenAsItIs()
    {
        using var site = new MergeFixture(seed: 7);
        Proposal only = site.Propose("factors", 3);

        SiteBlueprint merged = new WeightedMerge().Merge(site.Problem, [only], MergeFixture.Branch);

        using FormMatrix matrix = merged.Matrix;
        Assert.Same(only.Matrix, matrix);
        Assert.Equal(only.Error, merged.Error);
    }

    [Fact]
    public void Merge_TwoProposalsOfOneBranch_Throws()
    {
        using var site = new MergeFixture(seed: 8);
        Proposal proposal = site.Propose("factors", 3);
        using FormMatrix matrix = proposal.Matrix;

        Assert.Throws<ArgumentException>(
            () => new JointMerge().Merge(site.Problem, [proposal, proposal], MergeFixture.Branch));
    }

    [Fact]
    public void ProposalMerger_SitesWithZeroOneAndTwoProposals_HaveOneMatrixEach()
    {
        using var site = new MergeFixture(seed: 9);
        Site kept = site.Site with { Name = "kept" };
        Site alone = site.Site with { Name = "alone" };
        Proposal single = site.Propose("factors", 4) with { Site = alone };
        List<string> told = [];
        var source = new FixtureSource(site);
        var run = new MergeRun(source, source, _ => { }, done => told.Add(done.Name), CancellationToken.None);
        var merger = new ProposalMerger(new JointMerge(), MergeFixture.Branch, FloatFormat.BFloat16);

        Blueprint blueprint = merger.Merge(
            [kept, alone, site.Site], [site.Propose("factors", 3), single, site.Propose("entries", 60)], run);

        Assert.Equal(["kept", "alone", site.Site.Name], blueprint.Sites.Select(merged => merged.Site.Name));
        Assert.Equal(told, blueprint.Sites.Select(merged => merged.Site.Name));
        Assert.Equal(["dense", "low-rank", "sum"], blueprint.Sites.Select(merged => merged.Matrix.Describe().Kind));
        Assert.Equal(2 * kept.ElementCount, blueprint.Sites[0].Matrix.StoredBytes);
        Assert.Equal(("joint", 1), (blueprint.Strategy, source.Posed));
        foreach (SiteBlueprint merged in blueprint.Sites)
        {
            merged.Matrix.Dispose();
        }
    }

    [Fact]
    public void ProposalMerger_ProposalForAnotherSite_Throws()
    {
        using var site = new MergeFixture(seed: 10);
        Proposal proposal = site.Propose("factors", 3);
        using FormMatrix matrix = proposal.Matrix;
        var source = new FixtureSource(site);
        var run = new MergeRun(source, source, _ => { }, _ => { }, CancellationToken.None);
        var merger = new ProposalMerger(new JointMerge(), MergeFixture.Branch, FloatFormat.BFloat16);

        Assert.Throws<ArgumentException>(() => merger.Merge([site.Site with { Name = "another" }], [proposal], run));
    }

    [Fact]
    public void ProposalMerger_WithAnErrorThatIsNotANumber_LeavesThePieceOutAndSaysSo()
    {
        using var site = new MergeFixture(seed: 11);
        Site alone = site.Site with { Name = "alone" };
        Proposal broken = site.Propose("factors", 3) with { Error = double.NaN };
        Proposal single = site.Propose("factors", 3) with { Site = alone, Error = double.PositiveInfinity };
        List<string> notes = [];
        var source = new FixtureSource(site);
        var run = new MergeRun(source, source, notes.Add, _ => { }, CancellationToken.None);
        var merger = new ProposalMerger(new JointMerge(), MergeFixture.Branch, FloatFormat.BFloat16);

        Blueprint blueprint = merger.Merge([site.Site, alone], [broken, site.Propose("entries", 60), single], run);

        Assert.Equal(["entries"], blueprint.Sites[0].Alternatives.Keys);
        Assert.Equal((0.0, "dense"), (blueprint.Sites[1].Error, blueprint.Sites[1].Matrix.Describe().Kind));
        Assert.Equal(2, notes.Count);
        Assert.Contains($"branch factors at {site.Site.Name}", notes[0], StringComparison.Ordinal);
        foreach (SiteBlueprint merged in blueprint.Sites)
        {
            merged.Matrix.Dispose();
        }
    }

    private static Proposal Proposed(Site site, string branch, FormMatrix matrix) => new(
        site, new Offer(
            branch, ImmutableSortedDictionary<string, string>.Empty, matrix.StoredBytes, 0, true), matrix, 0);

    /// <summary>A branch whose pieces make every sum worse.</summary>
    private sealed class Useless(string name) : CompressionBranch
    {
        public override string Name => name;

        public override string Source => "none";

        public override bool Handles(Site site) => true;

        public override IReadOnlyList<Offer> MakeOffers(SiteProblem problem, IReadOnlyList<ValueFormat> formats) => [];

        public override FormMatrix Solve(SiteProblem problem, Offer offer)
        {
            using Tensor wrong = full_like(problem.Target, 100);
            return DenseForm.From(wrong, FloatFormat.Float32);
        }
    }
}
