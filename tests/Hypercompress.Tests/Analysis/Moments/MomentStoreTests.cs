using System.Collections.Concurrent;
using Hypercompress.Analysis;
using Hypercompress.Analysis.Moments;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Analysis.Moments;

[NoTensorLeaks]
public sealed class MomentStoreTests
{
    [Fact]
    public void Borrow_AMomentThatWasDropped_GivesTheSameNumbersAgain()
    {
        using var store = new MomentStore(idleBytes: 0);
        using Tensor expected = Damped(5, 1);
        store.Add(["q", "k"], Moment(5, 1));
        InputMoment first;
        using (MomentLease lease = store.Borrow("q"))
        {
            first = lease.Moment;
            Assert.True(expected.allclose(first.Moment, 0, 0));
        }

        using MomentLease again = store.Borrow("k");
        Assert.NotSame(first, again.Moment);
        Assert.True(expected.allclose(again.Moment.Moment, 0, 0));
        Assert.Equal(7, again.Moment.Tokens);
    }

    [Fact]
    public void Borrow_BySitesThatShareIt_GivesOneMoment()
    {
        using var store = new MomentStore(idleBytes: 0);
        store.Add(["q", "k"], Moment(4, 1));
        store.Add(["up"], Moment(4, 2));
        using MomentLease query = store.Borrow("q");
        using MomentLease key = store.Borrow("k");
        using MomentLease up = store.Borrow("up");
        Assert.Same(query.Moment, key.Moment);
        Assert.NotSame(query.Moment, up.Moment);
        Assert.Equal("q", store.LeaderOf("k"));
    }

    [Fact]
    public void Dispose_OfOneLeaseOfTwo_KeepsTheMoment()
    {
        using var store = new MomentStore(idleBytes: 0);
        store.Add(["q"], Moment(4, 1));
        using MomentLease kept = store.Borrow("q");
        MomentLease other = store.Borrow("q");
        other.Dispose();
        other.Dispose();
        Assert.False(kept.Moment.Moment.IsInvalid);
        using MomentLease third = store.Borrow("q");
        Assert.Same(kept.Moment, third.Moment);
    }

    [Fact]
    public void Borrow_WithinTheIdleBytes_DropsTheOneUsedLongestAgo()
    {
        using var store = new MomentStore(idleBytes: 2 * 4 * 4 * 3 * sizeof(double));
        InputMoment[] made = [Moment(4, 1), Moment(4, 2), Moment(4, 3)];
        store.Add(["a"], made[0]);
        store.Add(["b"], made[1]);
        store.Borrow("a").Dispose();
        store.Add(["c"], made[2]);
        using MomentLease a = store.Borrow("a");
        using MomentLease b = store.Borrow("b");
        using MomentLease c = store.Borrow("c");
        Assert.Same(made[0], a.Moment);
        Assert.NotSame(made[1], b.Moment);
        Assert.Same(made[2], c.Moment);
    }

    [Fact]
    public void Borrow_FromManyThreads_GivesEachItsNumbers()
    {
        using var store = new MomentStore(idleBytes: 0);
        const int Sites = 6;
        for (int i = 0; i < Sites; i++)
        {
            store.Add([$"site {i}"], Moment(8, i));
        }

        double[] expected = [.. Enumerable.Range(0, Sites).Select(Trace)];
        var wrong = new ConcurrentBag<int>();
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(first => new Thread(() => BorrowInTurn(first)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Empty(wrong);

        // Not on the test's own thread, whose tensors are counted: what one thread reads back another may release.
        void BorrowInTurn(int first)
        {
            for (int i = first; i < 200; i++)
            {
                using MomentLease lease = store.Borrow($"site {i % Sites}");
                using Tensor trace = lease.Moment.Moment.trace();
                if (trace.item<double>() != expected[i % Sites])
                {
                    wrong.Add(i);
                }
            }
        }
    }

    private static double Trace(int seed)
    {
        using Tensor moment = Damped(8, seed);
        using Tensor trace = moment.trace();
        return trace.item<double>();
    }

    private static Tensor Damped(int width, int seed)
    {
        using InputMoment moment = Moment(width, seed);
        return moment.Moment.clone();
    }

    private static InputMoment Moment(int width, int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed + 1);
        Tensor inputs = randn([20, width], dtype: ScalarType.Float64, generator: generator);
        return new InputMoment((inputs.t().matmul(inputs) / 20).DetachFromDisposeScope(), tokens: 7);
    }
}
