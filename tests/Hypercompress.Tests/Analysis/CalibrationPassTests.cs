using Hypercompress.Analysis;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Analysis;

[NoTensorLeaks]
public sealed class CalibrationPassTests
{
    // Size of the damage as a share of the weight's own deviation: small enough for the second order.
    private static readonly (string Site, double Size)[] Damages =
    [
        ("model.embed_tokens", 0.02),
        ("model.layers.0.self_attn.q_proj", 0.1),
        ("model.layers.0.self_attn.kv_proj", 0.05),
        ("model.layers.1.self_attn.o_proj", 0.05),
        ("model.layers.1.mlp.up_proj", 0.05),
        ("model.layers.0.mlp.down_proj", 0.05),
    ];

    [Fact]
    public void Run_OnText_PredictsTheDivergenceThatASmallErrorCauses()
    {
        using LanguageModel model = SampleModel.Load();
        int[][] windows = SampleModel.Windows(model.Tokenizer!, 40, 128);
        var options = new CalibrationSettings { Damping = 0 };
        using CalibrationStatistics statistics = new CalibrationPass(options).Run(model.Decoder, windows);
        foreach ((string name, double size) in Damages)
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(7);
            using SiteProblem problem = statistics.Pose(statistics.Sites.Single(site => site.Name == name));
            Tensor noise = randn(problem.Target.shape, generator: generator) * problem.Target.std() * size;
            using DecoderModel damaged = model.Decoder.WithMatrices(slot => new DenseMatrix(
                slot.Name == name ? slot.Matrix.Materialize() + noise : slot.Matrix.Materialize()));
            double measured = Divergence(model.Decoder, damaged, windows[..10]);
            double predicted = problem.Error(problem.Target + noise);
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{name}: predicted {predicted:g4}, measured {measured:g4}");
            Assert.InRange(predicted / measured, 0.5, 2);
        }
    }

    [Fact]
    public void Run_LinearSites_HaveTheSecondMomentOfTheirInputs()
    {
        using DecoderModel teacher = SampleModel.Random(tied: true);
        int[][] windows = SampleModel.RandomWindows(3, 12);
        var options = new CalibrationSettings { Damping = 0, BatchTokens = 24, SkipPositions = 2 };
        using CalibrationStatistics statistics = new CalibrationPass(options).Run(teacher, windows);
        var recorder = new InputRecorder("model.layers.1.mlp.down_proj", skip: 2);
        using (no_grad())
        {
            foreach (int[] window in windows)
            {
                using var scope = NewDisposeScope();
                teacher.Hidden(tensor(window.Select(id => (long)id).ToArray()).unsqueeze(0), tap: recorder);
            }
        }

        using Tensor expected = recorder.Mean();
        using SiteProblem problem = statistics.Pose(Site(statistics, "model.layers.1.mlp.down_proj"));
        Assert.Equal(30, statistics.Tokens);
        Assert.Equal(30, problem.Inputs.Tokens);
        Assert.True(allclose(expected, problem.Inputs.Moment, 1e-5, 1e-9));
    }

    [Fact]
    public void Run_MatricesOnTheSameInput_ShareAMoment()
    {
        using DecoderModel teacher = SampleModel.Random(tied: true);
        using CalibrationStatistics statistics =
            new CalibrationPass(new CalibrationSettings()).Run(teacher, SampleModel.RandomWindows(2, 12));
        Assert.Same(
            Inputs(statistics, "model.layers.0.self_attn.q_proj"),
            Inputs(statistics, "model.layers.0.self_attn.kv_proj"));
        Assert.Same(
            Inputs(statistics, "model.layers.1.mlp.gate_proj"), Inputs(statistics, "model.layers.1.mlp.up_proj"));
        Assert.NotSame(
            Inputs(statistics, "model.layers.0.self_attn.q_proj"),
            Inputs(statistics, "model.layers.1.self_attn.q_proj"));
        Assert.NotSame(
            Inputs(statistics, "model.layers.0.self_attn.q_proj"), Inputs(statistics, "model.layers.0.mlp.gate_proj"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_AnyDecoder_PosesEverySiteWithPositiveWeights(bool tied)
    {
        using DecoderModel teacher = SampleModel.Random(tied);
        using CalibrationStatistics statistics =
            new CalibrationPass(new CalibrationSettings()).Run(teacher, SampleModel.RandomWindows(4, 20));
        Assert.Equal(teacher.Slots.Select(slot => slot.Name), statistics.Sites.Select(site => site.Name));
        Assert.Equal(teacher.ParameterCount, statistics.ParameterCount);
        foreach (Site site in statistics.Sites)
        {
            using SiteProblem problem = statistics.Pose(site);
            using var scope = NewDisposeScope();
            Assert.True((problem.OutputWeights > 0).all().item<bool>());
            Assert.Equal([site.Rows], problem.OutputWeights.shape);
            Assert.Equal(site.Columns, problem.Inputs.Width);
            Assert.True(problem.Energy() > 0);
        }
    }

    [Fact]
    public void Run_EveryOutputMetric_IsWhatItsNameSays()
    {
        using DecoderModel teacher = SampleModel.Random(tied: true);
        int[][] windows = SampleModel.RandomWindows(8, 40);
        int correlations = 0;
        CalibrationStatistics Run(OutputMetric metric) =>
            new CalibrationPass(new CalibrationSettings { OutputMetric = metric }).Run(teacher, windows);
        using CalibrationStatistics identity = Run(OutputMetric.Identity);
        using CalibrationStatistics diagonal = Run(OutputMetric.Diagonal);
        using CalibrationStatistics kronecker = Run(OutputMetric.Kronecker);
        foreach (Site site in diagonal.Sites.Where(site => site.Layer is not null))
        {
            using var scope = NewDisposeScope();
            using SiteProblem alike = identity.Pose(site);
            using SiteProblem weighted = diagonal.Pose(site);
            using SiteProblem correlated = kronecker.Pose(site);
            Assert.Null(weighted.Outputs);
            Assert.Equal(0, alike.OutputWeights.std().item<double>(), 12);
            Assert.Equal(weighted.OutputWeights.mean().item<double>(), alike.OutputWeights.mean().item<double>(), 12);
            Tensor moment = correlated.Outputs!.Moment;
            Assert.True(moment.diagonal().allclose(weighted.OutputWeights));
            Assert.True(correlated.OutputWeights.equal(weighted.OutputWeights).all().item<bool>());
            Assert.True(moment.allclose(moment.t()));
            correlations += (moment - moment.diagonal().diag()).abs().max().item<double>() > 0 ? 1 : 0;
        }

        // With so few windows those of some sites are taken for chance.
        Assert.True(correlations > 0);
    }

    // Correlations that nothing else vouches for are not believed.
    [Fact]
    public void Run_OneWindowWithGradients_LeavesOutputsApart()
    {
        using DecoderModel teacher = SampleModel.Random(tied: true);
        var options = new CalibrationSettings { FisherTokens = 40, FisherWindow = 40 };
        using CalibrationStatistics statistics = new CalibrationPass(options)
            .Run(teacher, SampleModel.RandomWindows(8, 40));
        using SiteProblem problem = statistics.Pose(statistics.Sites.First(site => site.Layer is not null));
        Assert.Null(problem.Outputs);
    }

    [Fact]
    public void Run_TheSameSeed_GivesTheSameNumbers()
    {
        using DecoderModel teacher = SampleModel.Random(tied: false);
        double[] Energies(int seed)
        {
            using CalibrationStatistics statistics = new CalibrationPass(new CalibrationSettings { Seed = seed })
                .Run(teacher, SampleModel.RandomWindows(4, 20));
            return [.. statistics.Sites.Select(site => Energy(statistics, site))];
        }

        Assert.Equal(Energies(1), Energies(1));
        Assert.NotEqual(Energies(1), Energies(2));
    }

    [Fact]
    public void Run_LittleText_IsNoted()
    {
        using DecoderModel teacher = SampleModel.Random(tied: true);
        using CalibrationStatistics little =
            new CalibrationPass(new CalibrationSettings { SkipPositions = 4 })
                .Run(teacher, SampleModel.RandomWindows(20, 20));
        string note = Assert.Single(little.Notes);
        Assert.Equal("calibration text has 320 counted tokens; inputs of width 24 need 384", note);
        using CalibrationStatistics enough =
            new CalibrationPass(new CalibrationSettings { SkipPositions = 4 })
                .Run(teacher, SampleModel.RandomWindows(24, 20));
        Assert.Empty(enough.Notes);
    }

    [Fact]
    public void Run_Progress_EndsAtTheTotal()
    {
        using DecoderModel teacher = SampleModel.Random(tied: true);
        var seen = new List<(long Done, long Total)>();
        using CalibrationStatistics statistics = new CalibrationPass(new CalibrationSettings { SkipPositions = 4 })
            .Run(teacher, SampleModel.RandomWindows(8, 20), (done, total) => seen.Add((done, total)));
        Assert.Equal((200, 200), seen[^1]);
        Assert.Equal(seen.OrderBy(entry => entry.Done), seen);
    }

    [Fact]
    public void Run_UnusableWindows_AreNamed()
    {
        using DecoderModel teacher = SampleModel.Random(tied: true);
        var pass = new CalibrationPass(new CalibrationSettings { SkipPositions = 4 });
        Assert.Throws<ConfigurationException>(() => pass.Run(teacher, []));
        var shortOne = Assert.Throws<ConfigurationException>(() => pass.Run(teacher, [[1, 2, 3, 4, 5], [1, 2, 3]]));
        Assert.Contains("window 1 has 3 tokens", shortOne.Message, StringComparison.Ordinal);
        var stray = Assert.Throws<ConfigurationException>(() => pass.Run(teacher, [[1, 2, 3, 4, 40]]));
        Assert.Contains("the token 40 at 4", stray.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_BrokenWeight_NamesTheFirstSiteThatSeesIt()
    {
        using DecoderModel teacher = SampleModel.Random(tied: true, broken: "model.layers.0.mlp.up_proj");
        var error = Assert.Throws<NumericalException>(() =>
            new CalibrationPass(new CalibrationSettings()).Run(teacher, SampleModel.RandomWindows(2, 12)));
        Assert.Contains("model.layers.0.mlp.down_proj", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Cancelled_Stops()
    {
        using DecoderModel teacher = SampleModel.Random(tied: true);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            new CalibrationPass(new CalibrationSettings())
                .Run(teacher, SampleModel.RandomWindows(2, 12), cancellation: source.Token));
    }

    [Fact]
    public void BaselineAnalysis_OfADecoder_GivesRankAndEnergyOfEverySite()
    {
        using DecoderModel teacher = SampleModel.Random(tied: false);
        using CalibrationStatistics statistics =
            new CalibrationPass(new CalibrationSettings()).Run(teacher, SampleModel.RandomWindows(4, 20));
        var baselines = new BaselineAnalysis(0.9).Run(statistics.Sites, statistics);
        Assert.Equal(statistics.Sites, baselines.Select(baseline => baseline.Site));
        Assert.All(baselines, baseline =>
        {
            Assert.Equal(Energy(statistics, baseline.Site), baseline.Energy, 1e-4 * baseline.Energy);
            Assert.InRange(baseline.AdaptiveRank, 2, baseline.Squares.Length - 1);
            double kept = baseline.Squares.Take(baseline.AdaptiveRank).Sum();
            Assert.True(kept >= 0.9 * baseline.Squares.Sum());
            Assert.True(kept - baseline.Squares[baseline.AdaptiveRank - 1] < 0.9 * baseline.Squares.Sum());
        });
    }

    private static Site Site(CalibrationStatistics statistics, string name) =>
        statistics.Sites.Single(site => site.Name == name);

    private static InputMoment Inputs(CalibrationStatistics statistics, string name)
    {
        using SiteProblem problem = statistics.Pose(Site(statistics, name));
        return problem.Inputs;
    }

    private static double Energy(CalibrationStatistics statistics, Site site)
    {
        using SiteProblem problem = statistics.Pose(site);
        return problem.Energy();
    }

    private static double Divergence(DecoderModel teacher, DecoderModel student, int[][] windows)
    {
        using var noGrad = no_grad();
        double sum = 0;
        foreach (int[] window in windows)
        {
            using var scope = NewDisposeScope();
            Tensor ids = tensor(window.Select(id => (long)id).ToArray()).unsqueeze(0);
            Tensor expected = teacher.Forward(ids).log_softmax(-1);
            Tensor actual = student.Forward(ids).log_softmax(-1);
            sum += (expected.exp() * (expected - actual)).sum(-1).mean().item<float>();
        }

        return sum / windows.Length;
    }

    private sealed class InputRecorder(string site, int skip) : IForwardTap
    {
        private readonly List<Tensor> _inputs = [];

        public Tensor Mean()
        {
            using var scope = NewDisposeScope();
            Tensor all = cat(_inputs, 0);
            Tensor mean = all.t().matmul(all) / all.shape[0];
            _inputs.ForEach(input => input.Dispose());
            return mean.MoveToOuterDisposeScope();
        }

        public void OnApplied(WeightSlot slot, Tensor input, Tensor output)
        {
            if (slot.Name == site)
            {
                using Tensor counted = input[0].narrow(0, skip, input.shape[1] - skip);
                _inputs.Add(counted.to(ScalarType.Float64).DetachFromDisposeScope());
            }
        }
    }
}
