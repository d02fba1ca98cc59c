using Hypercompress.Processes;
using static TorchSharp.torch;

namespace Hypercompress.Analysis;

/// <summary>Token windows that go through a model together.</summary>
internal static class WindowBatches
{
    /// <summary>Neighbours of one length, up to a number of tokens; a longer window goes alone.</summary>
    /// <param name="windows">The windows.</param>
    /// <param name="tokens">Most tokens of a batch.</param>
    internal static IEnumerable<int[][]> Of(IReadOnlyList<int[]> windows, int tokens)
    {
        for (int first = 0; first < windows.Count;)
        {
            int length = windows[first].Length;
            int most = int.Max(1, tokens / length);
            int[][] batch = [.. windows.Skip(first).Take(most).TakeWhile(window => window.Length == length)];
            yield return batch;
            first += batch.Length;
        }
    }

    /// <summary>The batches of one process, dealt in turns: every process has at least one.</summary>
    /// <param name="windows">The windows, at least one for each process.</param>
    /// <param name="tokens">Most tokens of a batch.</param>
    /// <param name="processes">The processes.</param>
    internal static IReadOnlyList<NumberedBatch> OfProcess(
        IReadOnlyList<int[]> windows, int tokens, IProcessGroup processes)
    {
        int[][][] batches = [.. Of(windows, tokens)];
        batches = batches.Length < processes.Size ? [.. windows.Select(window => (int[][])[window])] : batches;
        var numbered = new List<NumberedBatch>();
        long first = 0;
        foreach ((int index, int[][] batch) in batches.Index())
        {
            numbered.Add(new NumberedBatch(index, first, batch));
            first += batch.Length;
        }

        return processes.InTurns(numbered);
    }

    /// <summary>The ids of a batch, int64 [windows, tokens], in the caller's scope.</summary>
    internal static Tensor Ids(int[][] batch, Device device)
    {
        long[] ids = [.. batch.SelectMany(window => window).Select(id => (long)id)];
        return tensor(ids, device: device).view(batch.Length, batch[0].Length);
    }
}
