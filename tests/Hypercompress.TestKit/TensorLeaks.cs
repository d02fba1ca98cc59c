using TorchSharp;

namespace Hypercompress.TestKit;

/// <summary>
/// Counts the tensors of the calling thread that are still alive, by the statistics of TorchSharp's scopes.
/// <see cref="torch.Tensor.TotalCount"/> would not do: it counts every tensor that became a parameter twice, and moves
/// whenever the finalizer releases what an earlier test left.
/// </summary>
public static class TensorLeaks
{
    /// <summary>Tensors made on this thread less those released on it.</summary>
    public static long Alive() => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    /// <summary>Fails when an action leaves tensors behind.</summary>
    /// <param name="action">What is run, on this thread alone.</param>
    public static void AssertNone(Action action)
    {
        long before = Alive();
        action();
        Assert.Equal(before, Alive());
    }
}
