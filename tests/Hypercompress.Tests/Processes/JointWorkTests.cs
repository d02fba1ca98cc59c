using Hypercompress.Analysis;
using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.Processes;
using Hypercompress.Sites;
using Hypercompress.Tests.Analysis;
using Hypercompress.Tests.Training;
using Hypercompress.Training;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Processes;

/// <summary>What several processes make together, beside what one makes.</summary>
public sealed class JointWorkTests
{
    private const int Count = 3;
    private static readonly CalibrationSettings Settings =
        new() { FisherTokens = 160, FisherWindow = 40, OutputMetric = OutputMetric.Kronecker };

    [Fact]
    public void Calibration_SeveralProcesses_GivesTheStatisticsOfOne()
    {
        using var folder = new ScratchFolder();
        string file = TinyCheckpoint.Write(folder.Of("model"));
        int[][] windows = SampleModel.RandomWindows(20, 40);
        using var alone = new Calibration(file, windows, SingleProcess.Instance);
        Calibration[] together =
            ThreadGroup.Run(Count, processes => new Calibration(file, windows, processes));

        foreach (Site site in alone.Statistics.Sites)
        {
            double[] expected = alone.ValuesOf(site);
            double[] first = together[0].ValuesOf(site);
            Assert.All(expected.Zip(first), pair => Assert.Equal(
                pair.First, pair.Second, 1e-5 * expected.Max(Math.Abs)));
            Assert.All(together, other => Assert.Equal(first, other.ValuesOf(site)));
        }

        Array.ForEach(together, statistics => statistics.Dispose());
    }

    [Fact]
    public void Calibration_FewerWindowsThanProcesses_IsRefused()
    {
        using var folder = new ScratchFolder();
        string file = TinyCheckpoint.Write(folder.Of("model"));

        ConfigurationException fault = Assert.Throws<ConfigurationException>(() => ThreadGroup.Run(
            Count, processes => new Calibration(file, SampleModel.RandomWindows(2, 40), processes)));

        Assert.Contains("2 windows, too few for 3 processes", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(2)]
    public void Training_SeveralProcesses_TakesTheStepsOfOne(int batch)
    {
        var options = new TrainingOptions
        {
            LearningRate = 0.01,
            TokenBudget = 10 * batch * 16,
            BatchSize = batch,
            SequenceLength = 16,
            ValidationInterval = 5,

            // In bfloat16 the gradients of parts are rounded apart.
            Precision = TrainingPrecision.Float32,
            Seed = 5,
        };
        (double[] Losses, double[] Weights) alone = Train(options, SingleProcess.Instance);
        (double[] Losses, double[] Weights)[] together =
            ThreadGroup.Run(Count, processes => Train(options, processes));

        Assert.All(alone.Losses.Zip(together[0].Losses), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.All(together, other => Assert.Equal(together[0].Losses, other.Losses));
        Assert.All(together, other => Assert.Equal(together[0].Weights, other.Weights));
    }

    [Fact]
    public void Comparison_SeveralProcesses_GivesTheNumbersOfOne()
    {
        var text = new EvaluationText("text.txt", TinyDecoder.Text(300, 3).ToArray());
        var options = new EvaluationOptions { Window = 32 };
        ComparisonResult[] together = ThreadGroup.Run(
            Count, processes => Compare(new ModelComparison(options) { Processes = processes }, text));

        ComparisonResult alone = Compare(new ModelComparison(options), text);
        Assert.All(together, other => Assert.Equal(alone, other));
    }

    private static ComparisonResult Compare(ModelComparison comparison, EvaluationText text)
    {
        using DecoderModel teacher = TinyDecoder.Create(1);
        using DecoderModel student = TinyDecoder.Create(2);
        return comparison.Compare(teacher, student, text);
    }

    private static (double[] Losses, double[] Weights) Train(
        TrainingOptions options, IProcessGroup processes)
    {
        using DecoderModel model = TinyDecoder.Create(1);
        var watch = new TrainingWatch(TimeProvider.System) { Processes = processes };
        var tokens = TrainingTokens.Of(TinyDecoder.Text(2000, 1), TinyDecoder.Text(200, 2));
        TrainingHistory history = new ModelTrainer("test", options, watch).Run(model, tokens, new LanguageModelLoss());
        return (
            [
                .. history.Steps.Select(step => step.Loss),
                .. history.Validations.Values.Select(score => score.Perplexity),
            ],
            [.. TinyDecoder.Weights(model).Select(value => (double)value)]);
    }

    private sealed class Calibration : IDisposable
    {
        private readonly ModelPackage _package;
        private readonly LanguageModel _model;

        public Calibration(string file, int[][] windows, IProcessGroup processes)
        {
            _package = ModelPackage.Open(file);
            _model = LanguageModel.Load(_package);
            Statistics = new CalibrationPass(Settings, processes).Run(_model.Decoder, windows);
        }

        public CalibrationStatistics Statistics { get; }

        // Everything that was measured at a site.
        public double[] ValuesOf(Site site)
        {
            using var scope = NewDisposeScope();
            using SiteProblem problem = Statistics.Pose(site);
            Tensor[] parts = problem.Outputs is { } outputs
                ? [problem.Inputs.Moment, problem.OutputWeights, outputs.Moment]
                : [problem.Inputs.Moment, problem.OutputWeights];
            return [.. parts.SelectMany(part => part.cpu().contiguous().data<double>().ToArray())];
        }

        public void Dispose()
        {
            Statistics.Dispose();
            _model.Dispose();
            _package.Dispose();
        }
    }
}
