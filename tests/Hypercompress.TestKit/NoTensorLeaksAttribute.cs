using System.Reflection;
using Xunit.v3;

namespace Hypercompress.TestKit;

/// <summary>
/// Fails a test that made more tensors than it released, by <see cref="TensorLeaks.Alive"/>. The test runner may move
/// to another thread between the measurements; the rare run in which it does tells nothing and is not judged.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NoTensorLeaksAttribute : BeforeAfterTestAttribute
{
    private int _thread;
    private long _before;

    /// <inheritdoc/>
    public override void Before(MethodInfo methodUnderTest, IXunitTest test) =>
        (_thread, _before) = (Environment.CurrentManagedThreadId, TensorLeaks.Alive());

    /// <inheritdoc/>
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (Environment.CurrentManagedThreadId == _thread)
        {
            long leaked = TensorLeaks.Alive() - _before;
            Assert.True(leaked <= 0, $"{leaked} tensors outlived the test");
        }
    }
}
