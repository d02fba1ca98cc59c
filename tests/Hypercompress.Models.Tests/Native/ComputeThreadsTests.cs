using Hypercompress.Models.Errors;
using Hypercompress.Models.Native;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Native;

[Collection<AloneCollection>]
public sealed class ComputeThreadsTests
{
    [Fact]
    public void Use_UntilDisposed_SetsTheNumberAndRestoresIt()
    {
        int before = get_num_threads();
        using (ComputeThreads.Use(3))
        {
            Assert.Equal(3, get_num_threads());
            using (ComputeThreads.Use(2))
            {
                Assert.Equal(2, get_num_threads());
            }

            Assert.Equal(3, get_num_threads());
        }

        Assert.Equal(before, get_num_threads());
    }

    [Fact]
    public void Dispose_RunsThatOverlap_LeaveTheNumberFromBeforeBoth()
    {
        int before = get_num_threads();
        var first = ComputeThreads.Use(3);
        var second = ComputeThreads.Use(2);
        first.Dispose();
        first.Dispose();
        second.Dispose();
        Assert.Equal(before, get_num_threads());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public void Use_NumberOutOfRange_IsRefused(int count) =>
        Assert.Throws<ConfigurationException>(() => ComputeThreads.Use(count));
}
