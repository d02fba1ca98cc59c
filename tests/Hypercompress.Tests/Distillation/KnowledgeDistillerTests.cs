using Hypercompress.Distillation;
using Hypercompress.Forms;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats.Registry;
using Hypercompress.Surgery;
using Hypercompress.Tests.Training;
using Hypercompress.Training;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Distillation;

[NoTensorLeaks]
public sealed class KnowledgeDistillerTests
{
    private static readonly TrainingTokens Tokens = TrainingTokens.Of(TinyDecoder.Text(2000, 1), TinyDecoder.Text(200, 2));

    private static readonly DistillationOptions Options = new()
    {
        LearningRate = 0.01,
        TokenBudget = 30 * 64,
        SequenceLength = 16,
        ValidationInterval = 10,
        Patience = 0,
    };

    [Fact]
    public void Distill_AnotherStudent_ComesCloserToTheTeacher()
    {
        using var teacher = TrainedTeacher();
        using var student = TinyDecoder.Create(2);
        var distilled = Distill(teacher, student, Options);

        Assert.Same(student, distilled.Model);
        Assert.True(distilled.History.Steps[^1].Loss < 0.5 * distilled.History.Steps[0].Loss);
        Assert.True(distilled.History.Validations[30].Perplexity < distilled.History.Validations[0].Perplexity);
    }

    [Fact]
    public void Distill_StudentIsTheTeacher_StaysTheTeacher()
    {
        using var teacher = TrainedTeacher();
        using var student = teacher.WithMatrices(slot => new DenseMatrix(slot.Matrix.Materialize()));
        var options = Options with { LearningRate = 1e-4 };
        var distilled = Distill(teacher, student, options);

        Assert.All(distilled.History.Steps, step => Assert.Equal(0, step.Loss, 1e-3));
        Assert.Equal(distilled.History.Validations[0].Perplexity, distilled.History.Validations[30].Perplexity, 1e-1);
    }

    [Theory]
    [InlineData(0.01, 0, "nothing to gain")]
    [InlineData(0, 30, "token budget")]
    public void Distill_StudentThatDivergesByLessThanTraining_IsLeftAsItIs(double least, int steps, string reason)
    {
        using var teacher = TrainedTeacher();
        using var student = teacher.WithMatrices(slot => new DenseMatrix(slot.Matrix.Materialize()));

        TrainingHistory history = Distill(teacher, student, Options, least).History;

        Assert.Equal((steps, reason), (history.Steps.Length, history.StoppedBecause));
        Assert.InRange(history.Validations[0].Criterion, 0, 1e-5);
    }

    [Fact]
    public void Distill_TeacherIsNotTouched()
    {
        using var teacher = TinyDecoder.Create(1);
        using var student = TinyDecoder.Create(2);
        float[] before = TinyDecoder.Weights(teacher);
        Distill(teacher, student, Options);
        Assert.Equal(before, TinyDecoder.Weights(teacher));
    }

    [Fact]
    public void Distill_Disabled_ReturnsTheStudentAsItIs()
    {
        using var teacher = TinyDecoder.Create(1);
        using var student = TinyDecoder.Create(2);
        float[] before = TinyDecoder.Weights(student);
        var distilled = Distill(teacher, student, Options with { Enabled = false });

        Assert.Same(TrainingHistory.Off, distilled.History);
        Assert.Equal(before, TinyDecoder.Weights(student));
    }

    [Fact]
    public void Distill_ScalarLevels_ComeCloserInTheSameBytes()
    {
        using var teacher = TrainedTeacher();
        using var student = Coded(teacher, "es2");
        using var again = Coded(teacher, "es2");
        DenseForm[] forms = [.. student.Slots.Select(slot => slot.Matrix).OfType<DenseForm>()];
        long bytes = forms.Sum(form => form.StoredBytes);

        TrainingHistory history = Distill(teacher, student, Options with { LevelLearningRate = 0.05 }).History;
        Distill(teacher, again, Options with { LevelLearningRate = 0.05 });

        Assert.True(history.Validations[30].Divergence < history.Validations[0].Divergence);
        Assert.Equal(bytes, forms.Sum(form => form.Store("x").Sum(stored => Release(stored.Value))));
        Assert.Equal(Values(student), Values(again));
    }

    [Fact]
    public void Distill_ScalesOnly_LeavesLevelsAlone()
    {
        using var teacher = TrainedTeacher();
        using var student = Coded(teacher, "es2");
        bool[] before = [.. Values(student).Select(value => value == 0)];

        Distill(teacher, student, Options with { Train = TrainableParts.Scales });

        Assert.Equal(before, Values(student).Select(value => value == 0));
    }

    private static DecoderModel Coded(DecoderModel teacher, string format) => teacher.WithMatrices(slot =>
    {
        using var dense = slot.Matrix.Materialize();
        return DenseForm.From(dense, NumberFormatRegistry.Standard.Parse(format));
    });

    private static long Release(Tensor tensor)
    {
        using (tensor)
        {
            return tensor.numel() * tensor.ElementSize;
        }
    }

    private static float[] Values(DecoderModel model) =>
    [
        .. model.Slots.SelectMany(slot =>
        {
            using var dense = slot.Matrix.Materialize();
            return dense.data<float>().ToArray();
        }),
    ];

    private static DistilledModel Distill(
        DecoderModel teacher, DecoderModel student, DistillationOptions options, double least = 0)
    {
        var structured = new StructuredModel(student, new StructuralReport([]));
        var distiller = new KnowledgeDistiller(options, seed: 3) { LeastDivergence = least };
        return distiller.Distill(teacher, structured, Tokens, TrainingWatch.None);
    }

    private static DecoderModel TrainedTeacher()
    {
        var teacher = TinyDecoder.Create(1);
        var options = new TrainingOptions
        {
            LearningRate = 0.01,
            TokenBudget = 60 * 64,
            BatchSize = 4,
            SequenceLength = 16,
        };
        new ModelTrainer("teacher", options, TrainingWatch.None).Run(teacher, Tokens, new LanguageModelLoss());
        return teacher;
    }
}
