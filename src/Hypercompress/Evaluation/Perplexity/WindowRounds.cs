using Hypercompress.Processes;

namespace Hypercompress.Evaluation.Perplexity;

/// <summary>
/// Deals the windows of a text to processes, which each score one at a time and then give all others its numbers. So
/// every process has the scores of all windows in their order, as if it had read them alone.
/// </summary>
/// <param name="processes">The processes.</param>
internal sealed class WindowRounds(IProcessGroup processes)
{
    /// <summary>Scores all windows; done by all processes.</summary>
    /// <param name="windows">The windows.</param>
    /// <param name="pending">Hold a number for each target of the window that is being scored.</param>
    /// <param name="score">Scores a window, which fills the lists.</param>
    /// <param name="end">Ends a window, which empties the lists: gets its index.</param>
    public void Run(
        IReadOnlyList<TokenWindow> windows,
        IReadOnlyList<List<double>> pending,
        Action<TokenWindow> score,
        Action<int> end)
    {
        int done = 0;
        foreach (TokenWindow[] round in windows.Chunk(processes.Size))
        {
            if (processes.Rank < round.Length)
            {
                score(round[processes.Rank]);
            }

            double[][] own = [.. pending.Select(list => list.ToArray())];
            for (int owner = 0; owner < round.Length; owner++)
            {
                Fill(pending, own, round[owner].Targets, owner);
                end(done++);
            }
        }
    }

    private void Fill(IReadOnlyList<List<double>> pending, double[][] own, int targets, int owner)
    {
        foreach ((List<double> list, double[] values) in pending.Zip(own))
        {
            double[] sum = owner == processes.Rank ? values : new double[targets];
            processes.Sum(sum.AsSpan());
            list.Clear();
            list.AddRange(sum);
        }
    }
}
