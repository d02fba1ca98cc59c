using Hypercompress.Distillation;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Tests.Training;
using Hypercompress.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Distillation;

[NoTensorLeaks]
public sealed class DistillationLossTests
{
    [Fact]
    public void Accumulate_StudentIsTheTeacher_IsZero()
    {
        using var teacher = TinyDecoder.Create(1);
        using var student = TinyDecoder.Create(1);
        double loss = Loss(teacher, student, new() { ActivationMatchingWeight = 1, Temperature = 2 });
        Assert.Equal(0, loss, 1e-7);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Accumulate_KlOnly_MatchesTheSumByHand(double temperature)
    {
        using var teacher = TinyDecoder.Create(1);
        using var student = TinyDecoder.Create(2);
        double loss = Loss(
            teacher, student, new() { KlWeight = 3, ActivationMatchingWeight = 0, Temperature = temperature });
        Assert.Equal(3 * DivergenceByHand(teacher, student, temperature), loss, 1e-5);
    }

    [Fact]
    public void Accumulate_ReverseAndSkewDivergence_MatchTheSumsByHand()
    {
        using var teacher = TinyDecoder.Create(1);
        using var student = TinyDecoder.Create(2);
        DistillationOptions none = new() { KlWeight = 0, ActivationMatchingWeight = 0 };
        double reverse = Loss(teacher, student, none with { ReverseKlWeight = 2 });
        double skew = Loss(teacher, student, none with { SkewKlWeight = 1, Skew = 0.3 });
        double wholly = Loss(teacher, student, none with { SkewKlWeight = 1, Skew = 1 });

        double[][] wanted = Distributions(teacher, 1);
        double[][] found = Distributions(student, 1);
        double[][] mixed = [.. wanted.Zip(found, (p, q) => p.Zip(q, (a, b) => (0.3 * a) + (0.7 * b)).ToArray())];
        Assert.Equal(2 * DivergenceByHand(found, wanted), reverse, 1e-5);
        Assert.Equal(DivergenceByHand(wanted, mixed), skew, 1e-5);
        Assert.Equal(0, wholly, 1e-5);
    }

    [Fact]
    public void Accumulate_CrossEntropyOnly_IsTheLanguageModelLoss()
    {
        using var teacher = TinyDecoder.Create(1);
        using var student = TinyDecoder.Create(2);
        double loss = Loss(
            teacher, student, new() { KlWeight = 0, ActivationMatchingWeight = 0, CrossEntropyWeight = 1 });

        TinyDecoder.AskForGradients(student, true);
        using var windows = LanguageModelLossTests.Windows(2, 9);
        double expected = new LanguageModelLoss().Accumulate(student, windows, 1);
        TinyDecoder.AskForGradients(student, false);
        Assert.Equal(expected, loss, 1e-6);
    }

    [Fact]
    public void Accumulate_ActivationsOnly_MatchesTheSumByHand()
    {
        using var teacher = TinyDecoder.Create(1);
        using var student = TinyDecoder.Create(2);
        double loss = Loss(teacher, student, new() { KlWeight = 0, ActivationMatchingWeight = 0.5 });

        double expected = States(teacher).Zip(States(student), Distance).Sum();
        Assert.Equal(0.5 * expected, loss, 1e-4);
    }

    [Fact]
    public void Accumulate_Gradient_MatchesADifferenceQuotient()
    {
        using var teacher = TinyDecoder.Create(1);
        using var student = TinyDecoder.Create(2);
        var options = new DistillationOptions { ActivationMatchingWeight = 0.3, Temperature = 1.5 };
        TinyDecoder.AskForGradients(student, true);
        using var windows = LanguageModelLossTests.Windows(2, 9);
        new DistillationLoss(teacher, options).Accumulate(student, windows, 1);
        var norm = student.NamedVectors[1].Vector;
        float found = TinyDecoder.Gradients(student)[Offset(student, norm)];
        TinyDecoder.AskForGradients(student, false);

        const double Step = 1e-2;
        Shift(norm, Step);
        double above = Loss(teacher, student, options);
        Shift(norm, -2 * Step);
        double below = Loss(teacher, student, options);
        Assert.Equal((above - below) / (2 * Step), found, 2e-3);
    }

    // The gradient of the divergence alone is written out; that of a mixture is found by differentiation.
    [Theory]
    [InlineData(1, false, 1e-6)]
    [InlineData(2, false, 1e-6)]
    [InlineData(1, true, 5e-3)]
    public void Accumulate_DivergenceAlone_HasTheGradientsOfDifferentiation(
        double temperature, bool rounds, double tolerance)
    {
        using var teacher = TinyDecoder.Create(1);
        using var student = TinyDecoder.Create(2);
        var options = new DistillationOptions
        {
            KlWeight = 1.5,
            ActivationMatchingWeight = 0,
            Temperature = temperature,
        };
        (double differentiated, float[] expected) =
            Gradients(teacher, student, options with { ReverseKlWeight = 1e-9 });
        using IDisposable rounding = LinearProduct.Rounding(rounds ? ScalarType.BFloat16 : null);
        (double loss, float[] gradients) = Gradients(teacher, student, options);

        Assert.Equal(differentiated, loss, 10 * tolerance);
        Assert.Contains(gradients, gradient => Math.Abs(gradient) > 10 * tolerance);
        Assert.All(expected.Zip(gradients), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    [Fact]
    public void Accumulate_LayersRunAgain_SameLossAndGradients()
    {
        using var teacher = TinyDecoder.Create(1);
        using var student = TinyDecoder.Create(2);
        var options = new DistillationOptions { ActivationMatchingWeight = 0.3 };
        (double loss, float[] gradients) = Gradients(teacher, student, options);
        (double again, float[] recomputed) = Gradients(
            teacher, student, options with { ActivationCheckpointing = true });

        Assert.Equal(loss, again, 1e-5);
        Assert.All(gradients.Zip(recomputed), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    private static (double Loss, float[] Gradients) Gradients(
        DecoderModel teacher, DecoderModel student, DistillationOptions options)
    {
        TinyDecoder.AskForGradients(student, true);
        using var windows = LanguageModelLossTests.Windows(2, 9);
        double loss = new DistillationLoss(teacher, options).Accumulate(student, windows, 1);
        float[] gradients = TinyDecoder.Gradients(student);
        TinyDecoder.AskForGradients(student, false);
        return (loss, gradients);
    }

    private static double Loss(DecoderModel teacher, DecoderModel student, DistillationOptions options)
    {
        TinyDecoder.AskForGradients(student, true);
        using var windows = LanguageModelLossTests.Windows(2, 9);
        double loss = new DistillationLoss(teacher, options).Accumulate(student, windows, 1);
        TinyDecoder.AskForGradients(student, false);
        return loss;
    }

    // Where the values of a vector start among all parameters.
    private static int Offset(DecoderModel model, Tensor vector) =>
        (int)model.Parameters.TakeWhile(parameter => !ReferenceEquals(parameter, vector)).Sum(p => p.NumberOfElements);

    private static void Shift(Tensor vector, double by)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        vector[0].add_(by);
    }

    private static double DivergenceByHand(double[][] wanted, double[][] found) =>
        wanted.Zip(found, (p, q) => p.Zip(q, (a, b) => a * Math.Log(a / b)).Sum()).Sum() / wanted.Length;

    private static double DivergenceByHand(DecoderModel teacher, DecoderModel student, double temperature)
    {
        double[][] wanted = Distributions(teacher, temperature);
        double[][] found = Distributions(student, temperature);
        return temperature * temperature * DivergenceByHand(wanted, found);
    }

    private static double[][] Distributions(DecoderModel model, double temperature)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var windows = LanguageModelLossTests.Windows(2, 9);
        float[] logits = model.Forward(windows.narrow(1, 0, 8)).data<float>().ToArray();
        return [.. logits.Chunk(TinyDecoder.Vocabulary).Select(Softmax)];

        double[] Softmax(float[] row)
        {
            double[] powers = [.. row.Select(logit => Math.Exp(logit / temperature))];
            return [.. powers.Select(power => power / powers.Sum())];
        }
    }

    private static float[][] States(DecoderModel model)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var windows = LanguageModelLossTests.Windows(2, 9);
        using var states = new LayerStates();
        model.Hidden(windows.narrow(1, 0, 8), tap: states);
        return
        [
            .. Enumerable.Range(0, model.Config.Layers)
                .Select(layer => states.After(layer).contiguous().data<float>().ToArray()),
        ];
    }

    private static double Distance(float[] wanted, float[] found) =>
        wanted.Zip(found, (a, b) => Math.Pow(a - b, 2)).Sum() / wanted.Sum(a => (double)a * a);
}
