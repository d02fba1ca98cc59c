using Hypercompress.Models.Native;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Native;

[Collection<AloneCollection>]
public sealed class TensorMemoryTests
{
    private const int MinorFaults = 7;

    [Fact]
    public void Keep_OnLinux_SparesLaterTensorsTheirPages()
    {
        TorchRuntime.EnsureLoaded();
        Assert.SkipUnless(TensorMemory.Keep(), "memory is not kept on this system");
        Fill();
        long before = Faults();
        for (int i = 0; i < 20; i++)
        {
            Fill();
        }

        // 32 MiB have 8,192 pages.
        Assert.InRange(Faults() - before, 0, 20 * 8192 / 4);
    }

    [Fact]
    public void Keep_TensorsOfManySizesOnManyThreads_HoldWhatWasWritten()
    {
        TorchRuntime.EnsureLoaded();
        TensorMemory.Keep();
        Parallel.For(0, 200, i =>
        {
            using Tensor values = full(300_000 + (i * 5000), i);
            using Tensor sum = values.sum(ScalarType.Float64);
            Assert.Equal((double)i * (300_000 + (i * 5000)), sum.item<double>());
            Assert.Equal(0, Address(values) % 64);
        });
    }

    // oneDNN takes and gives back its memory by other calls than tensors do.
    [Fact]
    public void Keep_ProductsOfRoundedMatrices_GiveTheirMemoryBack()
    {
        TorchRuntime.EnsureLoaded();
        TensorMemory.Keep();
        using var scope = NewDisposeScope();
        Tensor x = ones(1024, 1537, dtype: ScalarType.BFloat16);
        Tensor weight = ones(1025, 1537, dtype: ScalarType.BFloat16);
        for (int i = 0; i < 4; i++)
        {
            using Tensor product = nn.functional.linear(x, weight);
            Assert.Equal(1536, product[i, i].to(ScalarType.Float32).item<float>(), 8f);
        }
    }

    private static unsafe nint Address(Tensor values)
    {
        fixed (byte* start = values.bytes)
        {
            return (nint)start;
        }
    }

    private static void Fill()
    {
        using Tensor values = ones(8 << 20);
    }

    private static long Faults()
    {
        string line = File.ReadAllText("/proc/self/stat");
        return long.Parse(
            line[(line.LastIndexOf(')') + 2)..].Split(' ')[MinorFaults],
            System.Globalization.CultureInfo.InvariantCulture);
    }
}
