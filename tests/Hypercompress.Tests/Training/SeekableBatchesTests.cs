using Hypercompress.Training;

namespace Hypercompress.Tests.Training;

[NoTensorLeaks]
public sealed class SeekableBatchesTests
{
    [Fact]
    public void BatchAt_OnePass_ReadsEveryWindowOnce()
    {
        using var batches = new SeekableBatches([[.. Enumerable.Range(0, 41)]], batchSize: 2, length: 4, seed: 1);
        var starts = new List<long>();
        for (int i = 0; i < 4; i++)
        {
            using var batch = batches.BatchAt(i);
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
    public void BatchAt_TextOfOneWindow_RepeatsIt()
    {
        using var batches = new SeekableBatches([[7, 8, 9]], batchSize: 3, length: 2, seed: 1);
        using var batch = batches.BatchAt(0);
        Assert.Equal([7L, 8, 9, 7, 8, 9, 7, 8, 9], batch.data<long>().ToArray());
    }

    [Fact]
    public void BatchAt_SeveralTexts_TakesThemInTurnsUntilAllAreThrough()
    {
        using var batches = new SeekableBatches(
            [[.. Enumerable.Range(0, 41)], [.. Enumerable.Range(100, 13)], [200, 201]],
            batchSize: 13, length: 4, seed: 1, shifts: false);

        long[] starts = Starts(Ids(batches, 0));

        // The second text has three windows, the third not one.
        Assert.Equal([false, true, false, true, false, true], starts.Take(6).Select(start => start >= 100));
        Assert.Equal([.. Enumerable.Range(0, 10).Select(i => i * 4L), 100, 104, 108], starts.Order());
    }

    // The order is that of one pass after the other, and a run that goes on in the middle sees what it would have seen.
    [Fact]
    public void BatchAt_InAnyOrder_GivesTheSameBatches()
    {
        using var ascending = new SeekableBatches([[.. Enumerable.Range(0, 41)]], batchSize: 3, length: 4, seed: 5);
        long[][] expected = [.. Enumerable.Range(0, 12).Select(number => Ids(ascending, number))];
        using var anyOrder = new SeekableBatches([[.. Enumerable.Range(0, 41)]], batchSize: 3, length: 4, seed: 5);
        foreach (int number in (int[])[11, 0, 7, 7, 3, 10, 1])
        {
            Assert.Equal(expected[number], Ids(anyOrder, number));
        }

        using var otherSeed = new SeekableBatches([[.. Enumerable.Range(0, 41)]], batchSize: 3, length: 4, seed: 6);
        Assert.NotEqual(expected[0], Ids(otherSeed, 0));
    }

    [Fact]
    public void BatchAt_WithoutShifts_EveryPassHasTheSameWindows()
    {
        using var batches =
            new SeekableBatches([[.. Enumerable.Range(0, 41)]], batchSize: 10, length: 4, seed: 1, shifts: false);
        long[] starts = [.. Enumerable.Range(0, 10).Select(window => window * 4L)];
        long[][] passes = [.. Enumerable.Range(0, 3).Select(pass => Starts(Ids(batches, pass)))];

        Assert.All(passes, pass => Assert.Equal(starts, pass.Order()));
        Assert.NotEqual(passes[0], passes[1]);
    }

    private static long[] Starts(long[] ids) => [.. ids.Chunk(5).Select(window => window[0])];

    private static long[] Ids(SeekableBatches batches, long number)
    {
        using var batch = batches.BatchAt(number);
        return batch.data<long>().ToArray();
    }
}
