using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Cli.Commands.Diagnosis;

/// <summary>
/// How fast libtorch multiplies matrices in float32, which most of the time of a compression goes to.
/// </summary>
internal static class MatrixRate
{
    private const int Size = 1024;
    private const int Rounds = 4;

    /// <summary>Measures; takes well under a second on most machines.</summary>
    /// <param name="clock">For measuring.</param>
    /// <returns>Floating-point operations per second, of the best of a few rounds.</returns>
    public static double Measure(TimeProvider clock)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor matrix = ones(Size, Size);
        double best = 0;
        for (int round = 0; round < Rounds; round++)
        {
            long started = clock.GetTimestamp();
            using Tensor product = matrix.matmul(matrix);
            double seconds = clock.GetElapsedTime(started).TotalSeconds;
            best = Math.Max(best, 2.0 * Size * Size * Size / Math.Max(seconds, 1e-9));
        }

        return best;
    }
}
