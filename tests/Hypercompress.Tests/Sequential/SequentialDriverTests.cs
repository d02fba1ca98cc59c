using System.Collections.Immutable;
using Hypercompress.Analysis;
using Hypercompress.Branches.Quantization;
using Hypercompress.Forms;
using Hypercompress.Merging;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.EntropyCoding;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Registry;
using Hypercompress.Sequential;
using Hypercompress.Sites;
using Hypercompress.Tests.Analysis;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Sequential;

public sealed class SequentialDriverTests
{
    [Fact]
    [NoTensorLeaks]
    public void Groups_WithExactPieces_CorrectsNothingAndLeavesTheTeacherAsItWas()
    {
        using DecoderModel teacher = SampleModel.Random(tied: true);
        int[][] windows = SampleModel.RandomWindows(8, 32);
        using CalibrationStatistics statistics = new CalibrationPass(new CalibrationSettings()).Run(teacher, windows);
        WeightMatrix[] before = [.. teacher.Slots.Select(slot => slot.Matrix)];
        var driver =
            new SequentialDriver(teacher, statistics, windows, new SequentialOptions(), CancellationToken.None);
        var order = new List<Site>();
        foreach (SiteGroup group in driver.Groups())
        {
            order.AddRange(group.Sites);
            group.Accept(Round(group, _ => FloatFormat.Float32));
        }

        Assert.Equal(statistics.Sites, order);
        Assert.Equal(statistics.Sites, driver.Solved.Select(site => site.Site));
        Assert.All(driver.Blends.Values, blend => Assert.Equal(1, blend));
        Assert.Equal(before, teacher.Slots.Select(slot => slot.Matrix));
        foreach (SiteBlueprint site in driver.Solved)
        {
            site.Matrix.Dispose();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [NoTensorLeaks]
    public void Groups_ThatEndEarly_DisposeWhatWasAcceptedAndLeaveTheTeacherAsItWas(int groups)
    {
        using DecoderModel teacher = SampleModel.Random(tied: true);
        int[][] windows = SampleModel.RandomWindows(8, 32);
        using CalibrationStatistics statistics = new CalibrationPass(new CalibrationSettings()).Run(teacher, windows);
        WeightMatrix[] before = [.. teacher.Slots.Select(slot => slot.Matrix)];
        var driver =
            new SequentialDriver(teacher, statistics, windows, new SequentialOptions(), CancellationToken.None);
        foreach (SiteGroup group in driver.Groups().Take(groups))
        {
            group.Accept(Round(group, _ => FloatFormat.Float32));
        }

        Assert.Equal(before, teacher.Slots.Select(slot => slot.Matrix));
        Assert.Throws<KeyNotFoundException>(() => driver.Solved);
    }

    [Fact]
    [NoTensorLeaks]
    public void Groups_WithAGroupThatNobodySolved_Throws()
    {
        using DecoderModel teacher = SampleModel.Random(tied: true);
        int[][] windows = SampleModel.RandomWindows(8, 32);
        using CalibrationStatistics statistics = new CalibrationPass(new CalibrationSettings()).Run(teacher, windows);
        var driver =
            new SequentialDriver(teacher, statistics, windows, new SequentialOptions(), CancellationToken.None);
        Assert.Throws<InvalidOperationException>(() => driver.Groups().Count());
    }

    [Fact]
    [NoTensorLeaks]
    public void Accept_OfAnotherSiteOrTwice_Throws()
    {
        using DecoderModel teacher = SampleModel.Random(tied: true);
        int[][] windows = SampleModel.RandomWindows(8, 32);
        using CalibrationStatistics statistics = new CalibrationPass(new CalibrationSettings()).Run(teacher, windows);
        var driver =
            new SequentialDriver(teacher, statistics, windows, new SequentialOptions(), CancellationToken.None);
        using var scope = NewDisposeScope();
        SiteGroup first = driver.Groups().First();
        using var matrix = DenseForm.From(ones(24, 16), FloatFormat.Float32);
        SiteBlueprint stranger = Blueprint(statistics.Sites.First(site => site.Layer is not null), matrix);
        Assert.Throws<ArgumentException>(() => first.Accept([]));
        Assert.Throws<ArgumentException>(() => first.Accept([stranger]));
        foreach (SiteGroup group in driver.Groups().Take(1))
        {
            group.Accept(Round(group, _ => FloatFormat.Float32));
            Assert.Throws<InvalidOperationException>(() => group.Accept([stranger]));
        }
    }

    // The pieces of a block are solved behind what rounding left of the blocks before it: the states that leave the
    // last block come nearer to the teacher's than without.
    [Fact]
    public void Groups_OnARealModel_KeepsTheStatesNearerToTheTeacher()
    {
        using var noGrad = no_grad();
        using LanguageModel model = SampleModel.Load();
        int[][] windows = SampleModel.Windows(model.Tokenizer!, 48, 128);
        using CalibrationStatistics statistics = new CalibrationPass(new CalibrationSettings())
            .Run(model.Decoder, windows[..32]);
        var format = new EntropyFormat(1500);
        double plain = Distance(model.Decoder, windows[32..], [.. statistics.Sites.Select(site =>
        {
            using SiteProblem problem = statistics.Pose(site);
            return Round(site, problem, site.Layer is null ? FloatFormat.Float16 : format);
        })]);
        var driver =
            new SequentialDriver(
            model.Decoder, statistics, windows[..32], new SequentialOptions(), CancellationToken.None);
        double inOrder = Distance(model.Decoder, windows[32..], Solve(driver, format));
        Assert.Contains(driver.Blends.Values, blend => blend < 1);
        Assert.True(inOrder < 0.95 * plain, $"{inOrder} against {plain}");
    }

    // Three-bit codes keep their codes; their scales and minimums are what trains.
    [Fact]
    public void Groups_WithRefinement_BringsTheStatesNearerOnTextThatWasNotReadForIt()
    {
        using var noGrad = no_grad();
        using LanguageModel model = SampleModel.Load();
        int[][] windows = SampleModel.Windows(model.Tokenizer!, 96, 128);
        using CalibrationStatistics statistics = new CalibrationPass(new CalibrationSettings())
            .Run(model.Decoder, windows[..64]);
        (double Distance, int Refined) Refine(int passes)
        {
            var options = new SequentialOptions { RefinePasses = passes, RefineLearningRate = 1e-3 };
            var driver =
                new SequentialDriver(model.Decoder, statistics, windows[..64], options, CancellationToken.None);
            double distance =
                Distance(model.Decoder, windows[64..], Solve(driver, NumberFormatRegistry.Standard.Parse("uint3-g32")));
            return (distance, driver.RefinedLayers);
        }

        (double plain, int none) = Refine(0);
        (double refined, int layers) = Refine(8);
        TestContext.Current.TestOutputHelper!.WriteLine($"{plain:g4} to {refined:g4}, {layers} layers");
        Assert.Equal(0, none);
        Assert.Equal(model.Decoder.Config.Layers, layers);
        Assert.True(refined < 0.98 * plain, $"{refined} against {plain}");
    }

    private static ImmutableArray<SiteBlueprint> Solve(SequentialDriver driver, ValueFormat format)
    {
        foreach (SiteGroup group in driver.Groups())
        {
            group.Accept(Round(group, site => site.Layer is null ? FloatFormat.Float16 : format));
        }

        return driver.Solved;
    }

    private static SiteBlueprint[] Round(SiteGroup group, Func<Site, ValueFormat> formatOf) =>
    [
        .. group.Sites.Select(site =>
        {
            using SiteProblem problem = group.Problems.Pose(site);
            return Round(site, problem, formatOf(site));
        }),
    ];

    private static SiteBlueprint Round(Site site, SiteProblem problem, ValueFormat format) => Blueprint(
        site,
        format is EntropyFormat entropy
            ? EntropySolver.Solve(problem, entropy)
            : DenseForm.From(problem.Target, format));

    private static SiteBlueprint Blueprint(Site site, FormMatrix matrix) =>
        new(site, matrix, 0, ImmutableSortedDictionary<string, double>.Empty);

    private static double Distance(DecoderModel teacher, int[][] windows, IReadOnlyList<SiteBlueprint> sites)
    {
        using var scope = NewDisposeScope();
        using DecoderModel student =
            teacher.WithMatrices(slot => sites.First(site => site.Site.Name == slot.Name).Matrix);
        Tensor ids =
            tensor(windows.SelectMany(window => window).Select(id => (long)id).ToArray()).view(windows.Length, -1);
        return (teacher.Hidden(ids) - student.Hidden(ids)).narrow(1, 8, 120).square().mean().item<float>();
    }
}
