using System.Diagnostics;
using System.Globalization;
using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Models.Generation;

namespace Hypercompress.Benchmarks;

/// <summary>
/// Tokens a second of the integer engine when it answers one, two or four requests at a time, in turns within one run:
/// <c>parallel MODEL [THREADS [ROUNDS]]</c>. Processor time is counted too: it depends less on what else the machine does.
/// </summary>
internal static class ParallelThroughput
{
    private const int UsualRounds = 5;
    private const int Requests = 4;
    private const int PromptTokens = 24;
    private const int MadeTokens = 32;
    private static readonly int[] AtOnce = [1, 2, 4];

    /// <summary>Measures and prints a line for each number of requests at a time.</summary>
    /// <param name="args"><c>parallel</c>, the model, and perhaps how many threads and rounds.</param>
    public static void Run(IReadOnlyList<string> args)
    {
        int threads =
            args.Count > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : Environment.ProcessorCount;
        int rounds = args.Count > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : UsualRounds;
        using PackedModel opened = PackedModel.Open(args[1], new BranchRegistry().CreateCatalog(), threads);
        var generator = new TextGenerator(opened.Text, opened.Decoder, TimeProvider.System);
        int round = 0;
        Measure(generator, Requests, round++);
        Measure(generator, 1, round++);
        Dictionary<int, List<(double Wall, double Processor)>> found = AtOnce.ToDictionary(
            count => count, _ => new List<(double, double)>());
        for (int i = 0; i < rounds; i++)
        {
            foreach (int count in AtOnce)
            {
                found[count].Add(Measure(generator, count, round++));
            }
        }

        foreach (int count in AtOnce)
        {
            double[] ratios = [.. found[1].Zip(found[count], (alone, together) => alone.Wall / together.Wall)];
            double wall = Middle.Of(found[count].Select(one => one.Wall));
            double processor = Middle.Of(found[count].Select(one => one.Processor));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{opened.Text.Label}, {threads} threads, {count} at a time: {1000 / wall:F1} tokens/s, ratio "
                + $"{Middle.Of(ratios):F2} ({ratios.Min():F2} to {ratios.Max():F2}), {processor:F2} ms of processor time "
                + $"a token"));
        }
    }

    // Milliseconds a token, of the clock and of all processors. No prompt begins as an earlier one does.
    private static (double Wall, double Processor) Measure(TextGenerator generator, int atOnce, int round)
    {
        var options = new SamplingOptions { MaxTokens = MadeTokens, IgnoreEnd = true };
        int vocabulary = generator.Text.Config.VocabularySize;
        using var process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        long started = TimeProvider.System.GetTimestamp();
        int next = 0;
        void Work()
        {
            for (int request = Interlocked.Increment(ref next) - 1; request < Requests;
                request = Interlocked.Increment(ref next) - 1)
            {
                int text = (round * Requests) + request;
                generator.Generate(
                    [.. Enumerable.Range(0, PromptTokens).Select(i => Id(i, text, vocabulary))], options);
            }
        }

        Thread[] clients = [.. Enumerable.Range(0, atOnce).Select(_ => new Thread(Work))];
        Array.ForEach(clients, client => client.Start());
        Array.ForEach(clients, client => client.Join());
        double wall = TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
        process.Refresh();
        double processor = (process.TotalProcessorTime - before).TotalMilliseconds;
        return (wall / (Requests * MadeTokens), processor / (Requests * MadeTokens));
    }

    private static int Id(int index, int text, int vocabulary) =>
        3 + (((index * 7919) + (text * 131)) % (vocabulary - 3));
}
