using System.Globalization;
using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Models.Generation;

namespace Hypercompress.Benchmarks;

/// <summary>
/// Rates of the integer engine beside those of llama.cpp, in turns within one run: <c>runtime PEER.gguf MODEL …</c>.
/// </summary>
internal static class RuntimeComparison
{
    private const int Rounds = 5;
    private const int PrefillTokens = 512;
    private const int DecodeTokens = 128;

    /// <summary>Measures and prints a line a model.</summary>
    /// <param name="args"><c>runtime</c>, the file for llama.cpp, and models for the integer engine.</param>
    public static void Run(IReadOnlyList<string> args)
    {
        int threads = Environment.ProcessorCount;
        using var peer = new LlamaCppSpeed(args[1], threads);
        foreach (string path in args.Skip(2))
        {
            using PackedModel opened = PackedModel.Open(path, new BranchRegistry().CreateCatalog(), threads);
            var test = new SpeedTest(
                new TextGenerator(opened.Text, opened.Decoder, TimeProvider.System), TimeProvider.System);
            List<(double Own, double Peer)> prefill = [];
            List<(double Own, double Peer)> decode = [];
            for (int round = 0; round < Rounds; round++)
            {
                prefill.Add((
                    test.Measure(PrefillTokens, 0, 1).Prefill[0], peer.Prefill(PrefillTokens, TimeProvider.System)));
                decode.Add((
                    test.Measure(0, DecodeTokens, 1).Decode[0], peer.Decode(DecodeTokens, TimeProvider.System)));
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{opened.Text.Label}: {opened.Decoder.BytesPerToken / 1e6:F1} MB a token; {Line("prefill", prefill)}; "
                + $"{Line("decode", decode)}"));
        }
    }

    private static string Line(string name, List<(double Own, double Peer)> rates)
    {
        double own = Median([.. rates.Select(pair => pair.Own)]);
        double peer = Median([.. rates.Select(pair => pair.Peer)]);
        double ratio = Median([.. rates.Select(pair => pair.Own / pair.Peer)]);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{name} {own:F1} tokens/s, llama.cpp {peer:F1}, ratio {ratio:F2}");
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
