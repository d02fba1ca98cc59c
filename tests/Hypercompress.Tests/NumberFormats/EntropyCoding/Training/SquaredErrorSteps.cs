using Hypercompress.NumberFormats;
using static TorchSharp.torch;

namespace Hypercompress.Tests.NumberFormats.EntropyCoding.Training;

/// <summary>Trains a block towards a matrix, by half the squared error and its own gradient.</summary>
internal static class SquaredErrorSteps
{
    private const int RecountEvery = 10;

    internal static void Train(CodeTraining training, Tensor wanted, int steps, CodeStep rates)
    {
        for (int step = 1; step <= steps; step++)
        {
            using var scope = NewDisposeScope();
            foreach (Tensor leaf in training.Leaves)
            {
                leaf.grad?.zero_();
            }

            ((training.Value() - wanted).square().sum() / 2).backward();
            training.Step(rates);
            if (step % RecountEvery == 0)
            {
                training.Recount();
            }
        }
    }

    internal static double Error(Tensor values, Tensor wanted)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return (values - wanted).square().mean().item<float>();
    }
}
