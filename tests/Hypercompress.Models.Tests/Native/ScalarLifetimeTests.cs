using System.Diagnostics;
using System.Reflection;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Native;

public sealed class ScalarLifetimeTests
{
    // eng/TorchNative.targets has the reason: the just-in-time compiler must not shorten the life of temporary scalars.
    [Fact]
    public void TorchSharp_IsTheCopyThatIsNotOptimized()
    {
        var attribute = typeof(Tensor).Assembly.GetCustomAttribute<DebuggableAttribute>();
        Assert.True(attribute is { IsJITOptimizerDisabled: true });
    }
}
