using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.TestKit;

/// <summary>Counts tensors that are still alive.</summary>
public static class TensorLeaks
{
    private static readonly long CountedPerParameter = Measure();

    /// <summary>Fails when an action leaves tensors behind.</summary>
    /// <param name="action">What is run.</param>
    /// <param name="parametersMade">Parameters that the action makes, and disposes: each takes over another tensor's
    /// handle, and <see cref="Tensor.TotalCount"/> goes on counting the emptied tensor.</param>
    public static void AssertNone(Action action, int parametersMade = 0)
    {
        long allowed = parametersMade * CountedPerParameter;
        long before = Tensor.TotalCount;
        action();
        Assert.Equal(before + allowed, Tensor.TotalCount);
    }

    private static long Measure()
    {
        long before = Tensor.TotalCount;
        using (var tensor = zeros(1))
        {
            new Parameter(tensor).Dispose();
        }

        return Tensor.TotalCount - before;
    }
}
