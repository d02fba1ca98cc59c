using Hypercompress.Forms;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Integers;
using Hypercompress.Training;
using Hypercompress.Training.Adapters;
using Hypercompress.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Training;

[NoTensorLeaks]
public sealed class ModelTrainerTests
{
    private static readonly TrainingTokens Tokens = TrainingTokens.Of(TinyDecoder.Text(2000, 1), TinyDecoder.Text(200, 2));

    private static readonly TrainingOptions Options = new()
    {
        LearningRate = 0.01,
        TokenBudget = 40 * 64,
        BatchSize = 4,
        SequenceLength = 16,
        ValidationInterval = 10,
        Seed = 5,
    };

    [Fact]
    public void Run_PredictableText_LossAndPerplexityFall()
    {
        using var model = TinyDecoder.Create(1);
        var history = Run(model, Options);

        Assert.Equal(40, history.Steps.Length);
        Assert.Equal("token budget", history.StoppedBecause);
        Assert.Equal(40 * 64, history.Steps[^1].Tokens);
        Assert.True(history.Steps[^1].Loss < 0.8 * history.Steps[0].Loss);
        Assert.Equal([0, 10, 20, 30, 40], history.Validations.Keys);
        Assert.True(history.Validations[40].Perplexity < 0.6 * history.Validations[0].Perplexity);
        Assert.DoesNotContain(model.Parameters, parameter => parameter.requires_grad);
    }

    [Fact]
    public void Run_Adafactor_LossAndPerplexityFall()
    {
        using var model = TinyDecoder.Create(1);
        var history = Run(model, Options with { Optimizer = OptimizerKind.Adafactor });

        Assert.True(history.Validations[40].Perplexity < 0.6 * history.Validations[0].Perplexity);
    }

    [Theory]
    [InlineData(AdapterRanks.Even, 0)]
    [InlineData(AdapterRanks.Hierarchical, 2)]
    public void Run_ChangesOfLowRank_LossAndPerplexityFall(AdapterRanks ranks, int restarts)
    {
        TrainingOptions options = Options with
        {
            AdapterRank = 3,
            AdapterRanks = ranks,
            AdapterRestarts = restarts,
        };
        using var model = TinyDecoder.Create(1);
        using var again = TinyDecoder.Create(1);
        var history = Run(model, options);
        Run(again, options);

        Assert.True(history.Validations[40].Perplexity < 0.6 * history.Validations[0].Perplexity);
        Assert.Equal(TinyDecoder.Weights(model), TinyDecoder.Weights(again));
    }

    [Fact]
    public void Run_SameSeed_GivesTheSameBytes()
    {
        using var first = TinyDecoder.Create(1);
        using var second = TinyDecoder.Create(1);
        using var other = TinyDecoder.Create(1);
        Run(first, Options);
        Run(second, Options);
        Run(other, Options with { Seed = 6 });

        Assert.Equal(TinyDecoder.Weights(first), TinyDecoder.Weights(second));
        Assert.NotEqual(TinyDecoder.Weights(first), TinyDecoder.Weights(other));
    }

    [Fact]
    public void Run_InBfloat16_LearnsAsWellWithOtherNumbers()
    {
        using var exact = TinyDecoder.Create(1);
        using var rounded = TinyDecoder.Create(1);
        double wanted = Run(exact, Options with { Precision = TrainingPrecision.Float32 }).Validations[40].Perplexity;
        double found = Run(rounded, Options with { Precision = TrainingPrecision.Bfloat16 }).Validations[40].Perplexity;
        Assert.Equal(wanted, found, 0.05 * wanted);
        Assert.NotEqual(TinyDecoder.Weights(exact), TinyDecoder.Weights(rounded));
    }

    [Fact]
    public void Run_EveryStep_LeavesNoTensorBehind()
    {
        using var model = TinyDecoder.Create(1);
        var alive = new List<long>();
        var watch = new TrainingWatch(
            TimeProvider.System,
            new Listener(_ => alive.Add(DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount)));
        new ModelTrainer("test", Options, watch).Run(model, Tokens, new LanguageModelLoss());

        Assert.Equal(40, alive.Count);
        Assert.Single(alive.Skip(1).Distinct());
    }

    [Fact]
    public void Run_LossThatOnlyRises_StopsByPatienceAndRestoresTheStart()
    {
        using var model = TinyDecoder.Create(1);
        float[] before = TinyDecoder.Weights(model);
        var options = Options with { LearningRate = 1, ValidationInterval = 2, Patience = 3, MaxGradientNorm = 1000 };
        var history = Run(model, options, new Ascent());

        Assert.Equal("patience", history.StoppedBecause);
        Assert.Equal([0, 2, 4, 6], history.Validations.Keys);
        Assert.Equal(before, TinyDecoder.Weights(model));
    }

    [Fact]
    public void Run_WithoutHeldOutText_KeepsTheLastState()
    {
        using var model = TinyDecoder.Create(1);
        float[] before = TinyDecoder.Weights(model);
        var trainer = new ModelTrainer("test", Options with { TokenBudget = 64 }, TrainingWatch.None);
        var history = trainer.Run(model, Tokens with { HeldOut = [] }, new LanguageModelLoss());

        Assert.Empty(history.Validations);
        Assert.NotEqual(before, TinyDecoder.Weights(model));
    }

    [Fact]
    public void Run_NotFiniteWeights_NamesPhaseAndStep()
    {
        using var model = TinyDecoder.Create(1);
        using (no_grad())
        {
            model.NamedVectors[0].Vector.fill_(float.NaN);
        }

        var error = Assert.Throws<NumericalException>(() => Run(model, Options));
        Assert.Contains("test, step 0", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(model.Parameters, parameter => parameter.requires_grad);
    }

    [Fact]
    public void Run_ShortText_SaysHowManyTokensItNeeds()
    {
        using var model = TinyDecoder.Create(1);
        var trainer = new ModelTrainer("test", Options, TrainingWatch.None);
        var error = Assert.Throws<ConfigurationException>(
            () => trainer.Run(model, TrainingTokens.Of(TinyDecoder.Text(16, 1), []), new LanguageModelLoss()));
        Assert.Contains("17", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Cancelled_Stops()
    {
        using var model = TinyDecoder.Create(1);
        using var source = new CancellationTokenSource();
        int steps = 0;
        var watch = new TrainingWatch(TimeProvider.System, new Listener(_ => Cancel()), source.Token);
        var trainer = new ModelTrainer("test", Options, watch);

        Assert.Throws<OperationCanceledException>(() => trainer.Run(model, Tokens, new LanguageModelLoss()));
        Assert.Equal(3, steps);

        void Cancel()
        {
            if (++steps == 3)
            {
                source.Cancel();
            }
        }
    }

    [Fact]
    public void Run_Progress_CountsTokensAndTime()
    {
        using var model = TinyDecoder.Create(1);
        var reports = new List<TrainingProgress>();
        var watch = new TrainingWatch(new SecondsProvider(), new Listener(reports.Add));
        var options = Options with { TokenBudget = 4 * 64 };
        new ModelTrainer("test", options, watch).Run(model, Tokens, new LanguageModelLoss());

        // The clock goes on by one second whenever it is read: once at the start, once a step.
        Assert.Equal([64, 64, 64, 64], reports.Select(report => report.TokensPerSecond));
        Assert.Equal([3, 2, 1, 0], reports.Select(report => report.Remaining.TotalSeconds));
        Assert.All(reports, report => Assert.Equal(256, report.TokenBudget));
    }

    [Fact]
    public void Run_SparseMatrices_MaskedPlacesStayZeroAndWhatRunsIsWhatIsStored()
    {
        using var model = TinyDecoder.Create(3, MakeSparse);
        bool[][] before = Zeros(model);
        Run(model, Options);

        Assert.Equal(before, Zeros(model));
        Assert.All(model.Slots, slot => Assert.True(IsHalfPrecision(slot.Matrix)));
    }

    [Fact]
    public void Run_ScalesOnly_LeavesMatricesAlone()
    {
        using var model = TinyDecoder.Create(1);
        float[][] before = Matrices(model);
        var history = Run(model, Options with { Train = TrainableParts.Scales });

        Assert.Equal(before, Matrices(model));
        Assert.True(history.Validations[40].Perplexity < history.Validations[0].Perplexity);
    }

    [Fact]
    public void Run_ScalesOnly_TrainsTheScalesOfCodes()
    {
        var format = new IntegerFormat(4, 8, isAffine: false);
        using var model = TinyDecoder.Create(1, values => DenseForm.From(values, format));
        float[][] before = Matrices(model);
        Run(model, Options with { Train = TrainableParts.Scales });

        Assert.All(before.Zip(Matrices(model)), pair => Assert.NotEqual(pair.First, pair.Second));
    }

    private static TrainingHistory Run(
        DecoderModel model, TrainingOptions options, ITrainingObjective? objective = null) =>
        new ModelTrainer("test", options, TrainingWatch.None).Run(model, Tokens, objective ?? new LanguageModelLoss());

    private static SparseForm MakeSparse(Tensor values)
    {
        using var scope = NewDisposeScope();
        return SparseForm.From(values, values.abs() > 0.1, FloatFormat.Float16);
    }

    private static float[][] Matrices(DecoderModel model) => [.. model.Slots.Select(slot => Values(slot.Matrix))];

    private static bool[][] Zeros(DecoderModel model) =>
        [.. Matrices(model).Select(matrix => matrix.Select(value => value == 0).ToArray())];

    private static float[] Values(WeightMatrix matrix)
    {
        using var dense = matrix.Materialize();
        return dense.data<float>().ToArray();
    }

    private static bool IsHalfPrecision(WeightMatrix matrix) =>
        Values(matrix).All(value => (float)(Half)value == value);

    private sealed class Listener(Action<TrainingProgress> act) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => act(value);
    }

    private sealed class SecondsProvider : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds++;
    }

    private sealed class Ascent : ITrainingObjective
    {
        public double Accumulate(DecoderModel model, Tensor windows, double weight) =>
            new LanguageModelLoss().Accumulate(model, windows, -weight);
    }
}
