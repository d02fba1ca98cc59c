using System.Diagnostics;
using System.Globalization;
using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Models.Generation;

namespace Hypercompress.Benchmarks;

/// <summary>
/// Rates of the integer engine beside those of llama.cpp, in turns within one run: <c>runtime PEER.gguf MODEL …</c>, or
/// <c>runtime PEER.gguf=MODEL …</c> for a peer each. llama.cpp is measured in processes of its own, since its threads
/// wait for each other by spinning, also while they have nothing to do, and would take the other engine's time.
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
        foreach (string model in args.Skip(args[1].Contains('=') ? 1 : 2))
        {
            string[] pair = model.Contains('=') ? model.Split('=') : [args[1], model];
            Compare(pair[0], pair[1], Environment.ProcessorCount);
        }
    }

    /// <summary>Prints the rates of llama.cpp: <c>runtime-peer FILE.gguf THREADS</c>.</summary>
    /// <param name="args">The arguments.</param>
    public static void RunPeer(IReadOnlyList<string> args)
    {
        using var peer = new LlamaCppSpeed(args[1], int.Parse(args[2], CultureInfo.InvariantCulture));
        peer.Prefill(PrefillTokens, TimeProvider.System);
        double prefill = peer.Prefill(PrefillTokens, TimeProvider.System);
        double decode = peer.Decode(DecodeTokens, TimeProvider.System);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{prefill} {decode}"));
    }

    private static void Compare(string peer, string path, int threads)
    {
        using PackedModel opened = PackedModel.Open(path, new BranchRegistry().CreateCatalog(), threads);
        var test = new SpeedTest(
            new TextGenerator(opened.Text, opened.Decoder, TimeProvider.System), TimeProvider.System);
        List<(double Own, double Peer)> prefill = [];
        List<(double Own, double Peer)> decode = [];
        test.Measure(PrefillTokens, DecodeTokens, 1);
        for (int round = 0; round < Rounds; round++)
        {
            (double peerPrefill, double peerDecode) = MeasurePeer(peer, threads);
            prefill.Add((test.Measure(PrefillTokens, 0, 1).Prefill[0], peerPrefill));
            decode.Add((test.Measure(0, DecodeTokens, 1).Decode[0], peerDecode));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{opened.Text.Label} beside {Path.GetFileName(peer)}: {opened.Decoder.BytesPerToken / 1e6:F1} MB a token; "
            + $"{Line("prefill", prefill)}; {Line("decode", decode)}"));
    }

    private static (double Prefill, double Decode) MeasurePeer(string file, int threads)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!, ["runtime-peer", file, threads.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string[] rates = process.StandardOutput.ReadToEnd().Split();
        process.WaitForExit();
        return (
            double.Parse(rates[0], CultureInfo.InvariantCulture), double.Parse(rates[1], CultureInfo.InvariantCulture));
    }

    private static string Line(string name, List<(double Own, double Peer)> rates)
    {
        double own = Middle.Of(rates.Select(pair => pair.Own));
        double peer = Middle.Of(rates.Select(pair => pair.Peer));
        double ratio = Middle.Of(rates.Select(pair => pair.Own / pair.Peer));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{name} {own:F1} tokens/s, llama.cpp {peer:F1}, ratio {ratio:F2}");
    }
}
