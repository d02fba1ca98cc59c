using static TorchSharp.torch;

namespace Hypercompress.Planning.Outlook;

/// <summary>Measures how fast this machine multiplies matrices at the moment.</summary>
internal static class MachineSpeed
{
    private const int Size = 768;
    private const int Tries = 4;

    /// <summary>Measures it in a few hundredths of a second.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="device">What multiplies.</param>
    /// <returns>Floating-point operations a second, on the threads that libtorch may use.</returns>
    public static double Measure(TimeProvider clock, Device device)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor matrix = ones(Size, Size, device: device);
        Tensor product = matrix.matmul(matrix);
        double least = double.PositiveInfinity;
        for (int i = 0; i < Tries; i++)
        {
            long started = clock.GetTimestamp();
            product.copy_(matrix.matmul(matrix));

            // Waits for a device that works on its own.
            product[0, 0].item<float>();
            least = Math.Min(least, clock.GetElapsedTime(started).TotalSeconds);
        }

        return 2.0 * Size * Size * Size / least;
    }
}
