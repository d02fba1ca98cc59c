using System.Collections.Immutable;
using Hypercompress.Distillation;
using Hypercompress.Forms;
using Hypercompress.Journal;
using Hypercompress.Models.Transformer;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Integers;
using Hypercompress.Processes;
using Hypercompress.Training;
using Hypercompress.Training.States;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Training.Gradual;

[NoTensorLeaks]
public sealed class GradualTrainerTests
{
    private const int Steps = 20;
    private static readonly TrainingTokens Tokens = TrainingTokens.Of(TinyDecoder.Text(2000, 1), TinyDecoder.Text(200, 2));

    private static readonly TrainingOptions Options = new()
    {
        LearningRate = 0.01,
        TokenBudget = Steps * 64,
        BatchSize = 4,
        SequenceLength = 16,
        ValidationInterval = 5,
        GradualShare = 0.5,
        Seed = 5,
    };

    [Fact]
    public void Run_EndsWithTheFormsAndBytesOfThePlan()
    {
        using var teacher = TinyDecoder.Create(1);
        using var student = PlannedStudent.Of(teacher);
        FormMatrix[] forms = PlannedStudent.Forms<FormMatrix>(student);
        string[] plan = [.. forms.Select(form => form.Describe().ToString())];
        int[] bytes = [.. PlannedStudent.Stored(student).Select(tensor => tensor.Length)];
        long[][] counts = RowCounts(student);
        Run(teacher, student, Options);

        Assert.Equal(forms, PlannedStudent.Forms<FormMatrix>(student));
        Assert.Equal(plan, forms.Select(form => form.Describe().ToString()));
        Assert.Equal(bytes, PlannedStudent.Stored(student).Select(tensor => tensor.Length));
        Assert.Equal(forms.Sum(form => form.StoredBytes), bytes.Sum());
        Assert.Equal(counts, RowCounts(student));
        Assert.All(PlannedStudent.Forms<LowRankForm>(student), form => Assert.Equal(4, form.Rank));
        Assert.DoesNotContain(student.Parameters, parameter => parameter.requires_grad);
    }

    [Fact]
    public void Run_BeginsAtTheOriginals_AndComesNearerThanThePlan()
    {
        using var teacher = TinyDecoder.Create(1);
        using var student = PlannedStudent.Of(teacher);
        TrainingHistory history = Run(teacher, student, Options);

        Assert.Equal(0, history.Steps[0].Loss, 1e-4);
        Assert.True(history.Steps[12].Loss > 0.001);
        Assert.True(history.Validations[0].Divergence > history.Validations[Steps].Divergence);
        Assert.Equal("token budget", history.StoppedBecause);
    }

    [Fact]
    public void Run_WhatRunsIsWhatWasMeasuredLast()
    {
        using var teacher = TinyDecoder.Create(1);
        using var student = PlannedStudent.Of(teacher);
        TrainingHistory history = Run(teacher, student, Options);
        using HeldOutText heldOut = HeldOutText.From(Tokens.HeldOut, Options, teacher)!;

        double best = history.Validations.Where(pair => pair.Key is 0 or >= 10).Min(pair => pair.Value.Divergence!.Value);
        Assert.Equal(best, heldOut.Measure(student).Divergence!.Value, 0.02 * best);
    }

    [Fact]
    public void Run_PlacesChangeOnTheWay()
    {
        using var teacher = TinyDecoder.Create(1);
        using var student = PlannedStudent.Of(teacher);
        byte[][] before = Masks(student);
        Run(teacher, student, Options);

        // The first of a layer is free, the second follows a pattern.
        bool[] changed = [.. before.Zip(Masks(student), (was, now) => !was.SequenceEqual(now))];
        Assert.Contains(true, changed.Where((_, index) => index % 2 == 0));
        Assert.Contains(true, changed.Where((_, index) => index % 2 == 1));
    }

    [Fact]
    public void Run_Off_KeepsThePlacesOfThePlanAndGivesTheSameBytes()
    {
        using var teacher = TinyDecoder.Create(1);
        using var student = PlannedStudent.Of(teacher);
        using var other = PlannedStudent.Of(teacher);
        byte[][] before = Masks(student);
        Run(teacher, student, Options with { GradualShare = 0 });
        new ModelTrainer("test", Options, TrainingWatch.None).Run(other, Tokens, Loss(teacher));

        Assert.Equal(before, Masks(student));
        Assert.Equal(PlannedStudent.Stored(other), PlannedStudent.Stored(student));
    }

    [Fact]
    public void Run_CodesAndDenseMatrices_TrainAsTheyDoWithoutIt()
    {
        using var teacher = TinyDecoder.Create(1);
        using var student = Other(teacher);
        using var other = Other(teacher);
        Run(teacher, student, Options);
        Run(teacher, other, Options with { GradualShare = 0 });

        Assert.Equal(PlannedStudent.Stored(other), PlannedStudent.Stored(student));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(14)]
    public void Run_StoppedAndGoneOnWith_GivesTheSameBytes(int stopAfter)
    {
        using var teacher = TinyDecoder.Create(1);
        using var whole = PlannedStudent.Of(teacher);
        TrainingHistory wanted = Run(teacher, whole, Options);

        using var folder = new ScratchFolder();
        string output = Path.Combine(folder.Path, "out");
        using (var stopped = PlannedStudent.Of(teacher))
        {
            using var source = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => Resumable(teacher, stopped, output, source, stopAfter));
        }

        using var resumed = PlannedStudent.Of(teacher);
        TrainingHistory found = Resumable(teacher, resumed, output, new CancellationTokenSource(), int.MaxValue);

        Assert.Equal(wanted.Steps, found.Steps);
        Assert.Equal(PlannedStudent.Stored(whole), PlannedStudent.Stored(resumed));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(12)]
    public void Run_AfterASpike_GoesBackToThePlanAndOn(int spike)
    {
        using var teacher = TinyDecoder.Create(1);
        using var student = PlannedStudent.Of(teacher);
        long[][] counts = RowCounts(student);
        var trainer = new ModelTrainer("test", Options, TrainingWatch.None) { Originals = teacher };
        TrainingHistory history = trainer.Run(student, Tokens, new Spike(Loss(teacher), spike));

        Assert.Equal(Steps, history.Steps.Length);
        Assert.Equal(counts, RowCounts(student));
        Assert.All(history.Validations.Values, score => Assert.True(double.IsFinite(score.Criterion)));
        Assert.True(history.Validations[Steps].Divergence < 2 * history.Validations[0].Divergence);
    }

    private static DistillationLoss Loss(DecoderModel teacher) => new(teacher, new DistillationOptions());

    private static TrainingHistory Run(DecoderModel teacher, DecoderModel student, TrainingOptions options) =>
        new ModelTrainer("test", options, TrainingWatch.None) { Originals = teacher }.Run(
            student, Tokens, Loss(teacher));

    private static TrainingHistory Resumable(
        DecoderModel teacher, DecoderModel student, string output, CancellationTokenSource source, int stopAfter)
    {
        using var journal = RunJournal.Open(
            output,
            new RunInputs(ImmutableSortedDictionary<string, string>.Empty, string.Empty),
            RunStart.Continue,
            replaces: false);
        int steps = 0;
        var watch = new TrainingWatch(TimeProvider.System, new Listener(Count), source.Token)
        {
            Checkpoints = new TrainingCheckpoints(
                new SharedJournal(journal, SingleProcess.Instance), "state", TimeProvider.System),
        };
        return new ModelTrainer("test", Options, watch) { Originals = teacher }.Run(student, Tokens, Loss(teacher));

        void Count()
        {
            if (++steps == stopAfter)
            {
                source.Cancel();
            }
        }
    }

    private static DecoderModel Other(DecoderModel teacher) => teacher.WithMatrices(slot =>
    {
        using var scope = NewDisposeScope();
        Tensor values = slot.Matrix.Materialize();
        var codes = new IntegerFormat(4, 8, isAffine: false);
        return slot.Name.EndsWith("q_proj", StringComparison.Ordinal)
            ? SparseForm.From(values, values.abs() > 0.15, codes)
            : DenseForm.From(values, slot.Name.EndsWith("o_proj", StringComparison.Ordinal) ? FloatFormat.Float16 : codes);
    });

    private static byte[][] Masks(DecoderModel student) =>
    [
        .. PlannedStudent.Forms<SparseForm>(student).Select(form =>
        {
            using Tensor mask = form.PackMask();
            return mask.bytes.ToArray();
        }),
    ];

    // Values in each row of each sparse matrix.
    private static long[][] RowCounts(DecoderModel student) =>
    [
        .. PlannedStudent.Forms<SparseForm>(student).Select(form =>
        {
            using var scope = NewDisposeScope();
            return (form.Materialize() != 0).sum([1]).data<long>().ToArray();
        }),
    ];

    private sealed class Listener(Action act) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => act();
    }

    // Gradients that are no numbers in one step.
    private sealed class Spike(ITrainingObjective inner, int at) : ITrainingObjective
    {
        private int _step;

        public DecoderModel? Teacher => inner.Teacher;

        public double Accumulate(DecoderModel model, Tensor windows, double weight)
        {
            double loss = inner.Accumulate(model, windows, weight);
            if (_step++ != at)
            {
                return loss;
            }

            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            foreach (var parameter in model.Parameters)
            {
                parameter.grad?.fill_(float.NaN);
            }

            return double.NaN;
        }
    }
}
