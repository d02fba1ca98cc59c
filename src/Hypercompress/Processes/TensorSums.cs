using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Processes;

/// <summary>Adds up tensors and counts over processes.</summary>
internal static class TensorSums
{
    // Most elements of one exchange; a span holds no more than two billion bytes.
    private const long ChunkElements = 1 << 24;

    /// <summary>Adds up a tensor over all processes; done by all.</summary>
    /// <param name="processes">The processes.</param>
    /// <param name="values">
    /// float32 or float64, of the same shape everywhere; holds the sums afterwards.
    /// </param>
    public static void Sum(this IProcessGroup processes, Tensor values)
    {
        if (processes.Size == 1)
        {
            return;
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using Tensor plain = values.detach().cpu().contiguous();
        using Tensor own = plain.view(-1);
        for (long first = 0; first < own.shape[0]; first += ChunkElements)
        {
            using Tensor chunk = own.narrow(0, first, long.Min(ChunkElements, own.shape[0] - first));
            Add(processes, chunk);
        }

        if (values.device_type != DeviceType.CPU || !values.is_contiguous())
        {
            values.detach().copy_(plain);
        }
    }

    /// <summary>Adds up a number over all processes; done by all.</summary>
    /// <param name="processes">The processes.</param>
    /// <param name="value">The number of this process.</param>
    /// <returns>The sum.</returns>
    public static double Sum(this IProcessGroup processes, double value)
    {
        processes.Sum(new Span<double>(ref value));
        return value;
    }

    private static void Add(IProcessGroup processes, Tensor chunk)
    {
        if (chunk.dtype == ScalarType.Float64)
        {
            processes.Sum(MemoryMarshal.Cast<byte, double>(chunk.bytes));
        }
        else
        {
            processes.Sum(MemoryMarshal.Cast<byte, float>(chunk.bytes));
        }
    }
}
