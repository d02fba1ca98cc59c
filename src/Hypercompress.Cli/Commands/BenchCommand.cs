using System.CommandLine;
using System.Text.Json.Nodes;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;
using Hypercompress.Models.Generation;
using Hypercompress.Models.Inference.Measuring;
using Hypercompress.Models.Kernels.Matrices;

namespace Hypercompress.Cli.Commands;

/// <summary><c>bench</c>: how fast a model runs here.</summary>
internal static class BenchCommand
{
    private const int MostTokens = 1 << 20;
    private const int MostRepetitions = 1000;

    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        var options = new BenchOptions();
        var command = new Verb(
            "bench",
            "Measures how fast a model reads a prompt and makes tokens",
            "bench small",
            "bench small --prefill 128 --decode 32 --repetitions 3 --json");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            int Read(Option<int> option, int least, int most) =>
                OptionRange.Within(option.Name, parsed.GetValue(option), least, most);
            int prefill = Read(options.Prefill, 0, MostTokens);
            int decode = Read(options.Decode, 0, MostTokens);
            int repetitions = Read(options.Repetitions, 1, MostRepetitions);
            JsonObject document = Measure(parsed, options, terminal, prefill, decode, repetitions);
            if (parsed.GetValue(options.Json))
            {
                terminal.WriteJson(document);
            }
            else
            {
                terminal.Results.WriteLine(BenchText.Of(document));
            }

            return (int)ExitCode.Done;
        });
        return command;
    }

    private static JsonObject Measure(
        ParseResult parsed, BenchOptions options, Terminal terminal, int prefill, int decode, int repetitions)
    {
        TimeProvider time = TimeProvider.System;
        EngineChoice choice = options.Engine.Read(parsed);
        long started = time.GetTimestamp();
        using RunningModel running = RunningModel.Open(
            parsed.GetValue(options.Model), ModelAccess.Of(parsed, terminal), choice);
        double load = time.GetElapsedTime(started).TotalSeconds;
        SpeedResult speed = new SpeedTest(running.Generator(), time).Measure(
            prefill, decode, repetitions, terminal.Cancellation);
        long peak = ProcessMemory.Peak();
        double rate = ReadRate.Measure(choice.Threads, time);
        long bytes = running.BytesPerToken;
        return new JsonObject
        {
            ["model"] = running.Location,
            ["engine"] = running.Integer is null ? "float" : "integer",
            ["memory"] = choice.Memory == MemoryUse.Small ? "small" : "fast",
            ["threads"] = choice.Threads,
            ["prefill_tokens"] = prefill,
            ["decode_tokens"] = decode,
            ["repetitions"] = repetitions,
            ["tokens_per_second"] = new JsonObject
            {
                ["prefill"] = BenchText.Summary([.. speed.Prefill]),
                ["decode"] = BenchText.Summary([.. speed.Decode]),
            },
            ["load_seconds"] = load,
            ["peak_rss_bytes"] = peak,
            ["bytes_per_token"] = bytes,
            ["kv_bytes_per_token"] = speed.KvBytesPerToken,
            ["read_bytes_per_second"] = rate,
            ["read_rate_share"] = speed.Decode.IsEmpty ? null : BenchText.Median([.. speed.Decode]) * bytes / rate,
        };
    }
}
