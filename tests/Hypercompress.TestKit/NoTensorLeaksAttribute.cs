using System.Reflection;
using TorchSharp;
using Xunit.v3;

namespace Hypercompress.TestKit;

/// <summary>
/// Fails a test that made more tensors than it released. Counts the thread of the test, by the statistics of TorchSharp's
/// scopes: <see cref="torch.Tensor.TotalCount"/> would count every tensor that became a parameter twice. The test runner
/// may move to another thread between the measurements; the rare run in which it does tells nothing and is not judged.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NoTensorLeaksAttribute : BeforeAfterTestAttribute
{
    private int _thread;
    private long _before;

    /// <inheritdoc/>
    public override void Before(MethodInfo methodUnderTest, IXunitTest test) =>
        (_thread, _before) = (Environment.CurrentManagedThreadId, Alive());

    /// <inheritdoc/>
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (Environment.CurrentManagedThreadId == _thread)
        {
            long leaked = Alive() - _before;
            Assert.True(leaked <= 0, $"{leaked} tensors outlived the test");
        }
    }

    private static long Alive() => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
}
