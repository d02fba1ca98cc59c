using System.Collections.Immutable;
using Hypercompress.Analysis;
using Hypercompress.Branches;
using Hypercompress.Branches.Registry;
using Hypercompress.Configuration;
using Hypercompress.Forms;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Registry;
using Hypercompress.Sites;
using Hypercompress.Tests.Analysis;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Branches;

/// <summary>Statistics that say nearly nothing still give pieces of finite numbers, and errors that are true.</summary>
[NoTensorLeaks]
public sealed class DegenerateProblemTests
{
    private const int Rows = 24;
    private const int Columns = 16;
    private static readonly ImmutableArray<ValueFormat> Formats =
        [FloatFormat.Float16, NumberFormatRegistry.Standard.Parse("int8-g16")];

    public static TheoryData<string> Branches => [.. BranchRegistry.BuiltIn.Select(branch => branch.Name)];

    [Theory]
    [MemberData(nameof(Branches))]
    public void Solve_MomentOfRankOne_IsFinite(string branch)
    {
        using Tensor direction = arange(1, Columns + 1, dtype: ScalarType.Float64);
        Check(branch, direction.outer(direction), Random());
    }

    [Theory]
    [MemberData(nameof(Branches))]
    public void Solve_MomentOfNothing_IsFinite(string branch) =>
        Check(branch, zeros(Columns, Columns, dtype: ScalarType.Float64), Random());

    [Theory]
    [MemberData(nameof(Branches))]
    public void Solve_InputsThatNeverChange_IsFinite(string branch)
    {
        // One input is always 1, another one always 0.
        using var scope = NewDisposeScope();
        using Tensor samples = Random(64, Columns).to(ScalarType.Float64);
        samples.select(1, 3).fill_(1);
        samples.select(1, 5).fill_(0);
        Check(branch, samples.t().matmul(samples) / 64, Random());
    }

    [Theory]
    [MemberData(nameof(Branches))]
    public void Solve_ColumnsOfConstants_IsFinite(string branch)
    {
        using var scope = NewDisposeScope();
        Tensor target = Random();
        target.select(1, 2).fill_(0.25);
        target.select(1, 7).fill_(0);
        Check(branch, eye(Columns, dtype: ScalarType.Float64), target);
    }

    [Theory]
    [MemberData(nameof(Branches))]
    public void Solve_MatrixOfZeros_IsFinite(string branch) =>
        Check(branch, eye(Columns, dtype: ScalarType.Float64), zeros(Rows, Columns));

    [Fact]
    public void Run_OneCalibrationToken_WarnsAndPosesProblemsThatCanBeSolved()
    {
        using DecoderModel model = SampleModel.Random(tied: true);
        int skip = new CalibrationSettings().SkipPositions;

        using CalibrationStatistics statistics = new CalibrationPass(new CalibrationSettings())
            .Run(model, SampleModel.RandomWindows(1, skip + 1));

        Assert.Equal(1, statistics.Tokens);
        Assert.Contains(statistics.Notes, note => note.Contains("has 1 counted tokens", StringComparison.Ordinal));
        var registry = new BranchRegistry();
        foreach (Site site in statistics.Sites)
        {
            using SiteProblem problem = statistics.Pose(site);
            foreach (
                CompressionBranch branch in registry.Registrations.Select(known => Create(known.Name))
                .Where(branch => branch.Handles(site)))
            {
                Solve(branch, problem);
            }
        }
    }

    private static CompressionBranch Create(string name)
    {
        var registry = new BranchRegistry();
        PipelineConfig config = new PipelineConfigReader(registry.Registrations).Defaults;
        return registry.Create(name, config.Branches[name], new BranchSettings());
    }

    private static Tensor Random(long rows = Rows, long columns = Columns)
    {
        using var generator = new Generator(4);
        return randn(rows, columns, generator: generator).mul_(0.05f);
    }

    private static void Check(string name, Tensor moment, Tensor target)
    {
        CompressionBranch branch = Create(name);
        WeightSlotKind kind = Enum.GetValues<WeightSlotKind>().First(
            kind => branch.Handles(new Site("degenerate", kind, 0, Rows, Columns)));
        using var inputs = new InputMoment(moment, 64);
        using Tensor weights = ones(Rows, dtype: ScalarType.Float64);
        using var problem = new SiteProblem(new Site("degenerate", kind, 0, Rows, Columns), target, inputs, weights);
        RateCurve curve = RateDistortion.Curve(problem);
        Assert.All(curve.Points, point => Assert.True(double.IsFinite(point.Bits) && double.IsFinite(point.Error)));
        Solve(branch, problem);
    }

    private static void Solve(CompressionBranch branch, SiteProblem problem)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (Offer offer in branch.MakeOffers(problem, Formats))
        {
            using FormMatrix matrix = branch.Solve(problem, offer);
            Tensor values = matrix.Materialize();
            Assert.True(values.isfinite().all().item<bool>(), $"{branch.Name} {string.Join(' ', offer.Setting)}");
            Assert.Equal(offer.Bytes, matrix.StoredBytes);
            Assert.True(
                double.IsFinite(offer.PredictedError)
                && offer.PredictedError >= 0, $"{branch.Name}: {offer.PredictedError}");
            Assert.True(double.IsFinite(problem.Error(values)));
        }
    }
}
