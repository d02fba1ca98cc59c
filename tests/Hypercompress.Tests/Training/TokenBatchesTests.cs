using Hypercompress.Training;

namespace Hypercompress.Tests.Training;

[NoTensorLeaks]
public sealed class TokenBatchesTests
{
    [Fact]
    public void Next_OnePass_ReadsEveryWindowOnce()
    {
        using var batches = new TokenBatches([.. Enumerable.Range(0, 41)], batchSize: 2, length: 4, seed: 1);
        var starts = new List<long>();
        for (int i = 0; i < 4; i++)
        {
            using var batch = batches.Next();
            Assert.Equal([2, 5], batch.shape);
            foreach (long[] window in batch.data<long>().ToArray().Chunk(5))
            {
                Assert.Equal(Enumerable.Range((int)window[0], 5).Select(id => (long)id), window);
                starts.Add(window[0]);
            }
        }

        // Nine or ten windows fit, whatever the first token; the first eight have one phase and do not repeat.
        Assert.Equal(8, starts.Distinct().Count());
        Assert.Single(starts.Select(start => start % 4).Distinct());
        Assert.NotEqual(starts.Order(), starts);
    }

    [Fact]
    public void Next_TextOfOneWindow_RepeatsIt()
    {
        using var batches = new TokenBatches([7, 8, 9], batchSize: 3, length: 2, seed: 1);
        using var batch = batches.Next();
        Assert.Equal([7L, 8, 9, 7, 8, 9, 7, 8, 9], batch.data<long>().ToArray());
    }
}
