using Hypercompress.Training.Optimizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Training.Optimizers;

[NoTensorLeaks]
public sealed class FusedAdamWTests
{
    [Fact]
    public void Step_TwoSteps_MatchTheFormula()
    {
        using var scope = NewDisposeScope();
        var matrix = new Parameter(tensor(new[] { 1.0f, -2.0f }).reshape(1, 2));
        var vector = new Parameter(tensor(new[] { 0.5f }));
        using var optimizer = new FusedAdamW([matrix, vector], decay: 0.1);
        double[] gradients = [0.3, -0.2];
        double matrixValue = 1, vectorValue = 0.5, first = 0, second = 0;
        for (int step = 1; step <= 2; step++)
        {
            double gradient = gradients[step - 1];
            optimizer.ZeroGradients();
            ((matrix.sum() + vector.sum()) * gradient).backward();
            optimizer.Step(0.01);

            first = (0.9 * first) + (0.1 * gradient);
            second = (0.95 * second) + (0.05 * gradient * gradient);
            double corrected = Math.Sqrt(second / (1 - Math.Pow(0.95, step))) + 1e-8;
            double move = 0.01 * first / (1 - Math.Pow(0.9, step)) / corrected;
            matrixValue = (matrixValue * (1 - (0.01 * 0.1))) - move;
            vectorValue -= move;
        }

        Assert.Equal(matrixValue, matrix[0, 0].item<float>(), 1e-6);
        Assert.Equal(vectorValue, vector[0].item<float>(), 1e-6);
    }

    [Fact]
    public void Clip_NormAboveLimit_ScalesAllGradients()
    {
        using var scope = NewDisposeScope();
        var a = new Parameter(ones(1));
        var b = new Parameter(ones(1));
        using var optimizer = new FusedAdamW([a, b], decay: 0);
        ((a * 3) + (b * 4)).sum().backward();

        Assert.Equal(5, optimizer.Clip(1), 1e-5);
        Assert.Equal(0.6, a.grad!.item<float>(), 1e-4);
        Assert.Equal(0.8, b.grad!.item<float>(), 1e-4);
    }
}
