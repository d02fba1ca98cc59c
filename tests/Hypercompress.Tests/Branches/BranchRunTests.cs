using System.Collections.Immutable;
using Hypercompress.Analysis;
using Hypercompress.Branches;
using Hypercompress.Branches.LowRank;
using Hypercompress.Branches.Registry;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.Sites;
using Hypercompress.Sites.Scheduling;
using Hypercompress.Tests.Analysis;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Branches;

[NoTensorLeaks]
public sealed class BranchRunTests
{
    [Theory]
    [InlineData("blt")]
    [InlineData("lra")]
    [InlineData("kv")]
    [InlineData("sparsity")]
    [InlineData("quantization")]
    public void Run_OnADecoder_BuildsAModelWhoseDivergenceFollowsTheError(string name)
    {
        using DecoderModel teacher = SampleModel.Random(tied: true);
        using CalibrationStatistics statistics =
            new CalibrationPass(new CalibrationSettings()).Run(teacher, SampleModel.RandomWindows(24, 20));
        var registry = new BranchRegistry();
        CompressionBranch branch = registry.Create(name, registry.Find(name).Defaults(), new BranchSettings());
        var seen = new List<Site>();
        var run = new BranchRun(
            [.. Tasks(branch, statistics)], statistics, Threads: 1, seen.Add, TimeProvider.System,
            CancellationToken.None);
        branch.Prepare(run);
        BranchArtifact artifact = branch.Run(run);
        branch.Finalize(run, artifact);

        Assert.Equal(run.Tasks.Select(task => task.Site).OrderByDescending(site => SiteWork.Of(site).MultiplyAdds), seen);
        Assert.NotEmpty(artifact.Proposals);
        Assert.Equal(run.Tasks.Sum(task => task.Offer.Bytes), artifact.Metrics["bytes"]);
        var pieces = artifact.Proposals.ToDictionary(proposal => proposal.Site.Name);
        using DecoderModel student = teacher.WithMatrices(slot =>
            pieces.TryGetValue(slot.Name, out Proposal? piece) ? piece.Matrix
                : new DenseMatrix(slot.Matrix.Materialize()));
        Assert.True(Divergence(teacher, student) is > 0 and < 3);
    }

    [Fact]
    public void Structural_OfTheLowRankBranch_IsWhatItsOptionsSay()
    {
        Assert.Null(new LowRankBranch(new LowRankOptions(), new BranchSettings()).Structural);
        Assert.False(
            new LowRankBranch(new LowRankOptions { EnableStructural = false }, new BranchSettings()).Structural);
        Assert.Equal(
            ["lra"],
            BranchRegistry.BuiltIn.Select(known => known.Create(known.Defaults(), new BranchSettings()))
                .Where(branch => branch.IsStructural).Select(branch => branch.Name));
    }

    private static IEnumerable<BranchTask> Tasks(CompressionBranch branch, CalibrationStatistics statistics)
    {
        foreach (Site site in statistics.Sites.Where(branch.Handles))
        {
            using SiteProblem problem = statistics.Pose(site);
            IReadOnlyList<Offer> offers = branch.MakeOffers(problem, [FloatFormat.Float16]);
            if (offers.MinBy(offer => offer.PredictedError) is { } best)
            {
                yield return new BranchTask(site, best);
            }
        }
    }

    private static double Divergence(DecoderModel teacher, DecoderModel student)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor ids = tensor(SampleModel.RandomWindows(1, 40)[0].Select(id => (long)id).ToArray()).unsqueeze(0);
        Tensor expected = teacher.Forward(ids).log_softmax(-1);
        Tensor actual = student.Forward(ids).log_softmax(-1);
        return (expected.exp() * (expected - actual)).sum(-1).mean().item<float>();
    }
}
