using Hypercompress.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Training;

[NoTensorLeaks]
public sealed class LanguageModelLossTests
{
    [Fact]
    public void Accumulate_AgainstPlainCrossEntropy_SameLossAndGradients()
    {
        using var model = TinyDecoder.Create(1);
        using var windows = Windows(3, 9);
        TinyDecoder.AskForGradients(model, true);
        double loss = new LanguageModelLoss().Accumulate(model, windows, 0.5);
        float[] gradients = TinyDecoder.Gradients(model);

        TinyDecoder.AskForGradients(model, true);
        using (NewDisposeScope())
        {
            Tensor logits = model.Forward(windows.narrow(1, 0, 8)).reshape(-1, TinyDecoder.Vocabulary);
            Tensor plain = nn.functional.cross_entropy(logits, windows.narrow(1, 1, 8).reshape(-1));
            (plain * 0.5).backward();
            Assert.Equal(plain.item<float>(), loss, 1e-5);
        }

        AssertClose(TinyDecoder.Gradients(model), gradients);
        TinyDecoder.AskForGradients(model, false);
    }

    [Fact]
    public void Accumulate_LayersRunAgain_SameLossAndGradients()
    {
        using var model = TinyDecoder.Create(1);
        using var windows = Windows(3, 9);
        TinyDecoder.AskForGradients(model, true);
        double loss = new LanguageModelLoss().Accumulate(model, windows, 0.5);
        float[] gradients = TinyDecoder.Gradients(model);

        TinyDecoder.AskForGradients(model, true);
        Assert.Equal(loss, new LanguageModelLoss(recomputes: true).Accumulate(model, windows, 0.5), 1e-6);
        AssertClose(gradients, TinyDecoder.Gradients(model));
        TinyDecoder.AskForGradients(model, false);
    }

    [Fact]
    public void Accumulate_PartsOfABatch_AddUpToTheWhole()
    {
        using var model = TinyDecoder.Create(1);
        using var windows = Windows(4, 9);
        TinyDecoder.AskForGradients(model, true);
        double whole = new LanguageModelLoss().Accumulate(model, windows, 1);
        float[] gradients = TinyDecoder.Gradients(model);

        TinyDecoder.AskForGradients(model, true);
        double parts = 0;
        for (int i = 0; i < 4; i++)
        {
            using var part = windows.narrow(0, i, 1);
            parts += 0.25 * new LanguageModelLoss().Accumulate(model, part, 0.25);
        }

        Assert.Equal(whole, parts, 1e-5);
        AssertClose(gradients, TinyDecoder.Gradients(model));
        TinyDecoder.AskForGradients(model, false);
    }

    internal static Tensor Windows(int batch, int length)
    {
        using var scope = NewDisposeScope();
        int[] text = [.. TinyDecoder.Text(batch * length, 3)];
        return tensor(text, dtype: ScalarType.Int64).reshape(batch, length).MoveToOuterDisposeScope();
    }

    private static void AssertClose(float[] expected, float[] found) =>
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
}
