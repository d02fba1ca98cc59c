using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;
using Hypercompress.Models.Generation;

namespace Hypercompress.Cli.Commands;

/// <summary><c>generate</c>: continues a text.</summary>
internal static class GenerateCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        var options = new GenerateOptions();
        var command = new Verb(
            "generate",
            "Continues a text",
            "generate small --prompt \"The capital of France is\"",
            "generate MODEL --draft small --prompt \"The capital of France is\"",
            "generate small --chat --prompt \"Write a short poem.\" --temperature 0.7 --top-p 0.9 --seed 1");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            EngineChoice choice = options.Engine.Read(parsed);
            SamplingOptions sampling = options.Sampling(parsed);
            string? draftPath = parsed.GetValue(options.Draft);
            Companion.Require(parsed, options.Draft.Name, draftPath is not null, options.DraftTokens);
            int proposals = OptionRange.Within(
                options.DraftTokens.Name, parsed.GetValue(options.DraftTokens), 1, Draft.MostProposals);
            EngineOption.RequireInteger(choice.Engine, draftPath is null ? null : options.Draft.Name);
            ModelAccess access = ModelAccess.Of(parsed, terminal);
            using RunningModel running = RunningModel.Open(parsed.GetValue(options.Model), access, choice);
            using RunningModel? small = draftPath is null ? null : RunningModel.Open(draftPath, access, choice);
            Draft? draft = small is null
                ? null
                : new Draft(small.Text, small.Integer!, proposals);
            string text = parsed.GetValue(options.Prompt)!;
            int[]? message = parsed.GetValue(options.Chat) ? ChatPrompt.Encode(running, text) : null;
            TextGenerator generator = running.Generator(draft);
            Run(terminal, parsed.GetValue(options.Json), generator, message, text, sampling);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Run(
        Terminal terminal, bool json, TextGenerator generator, int[]? message, string prompt, SamplingOptions sampling)
    {
        Action<string>? show = json ? null : terminal.Results.Write;
        GenerationResult result = message is null
            ? generator.Generate(prompt, sampling, show, terminal.Cancellation)
            : generator.Generate(message, sampling, show, terminal.Cancellation);
        if (json)
        {
            terminal.WriteJson(ToJson(result));
            return;
        }

        terminal.Results.WriteLine();
        if (result.Speculation is { } speculation)
        {
            terminal.Messages.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"the draft proposed {Units.Count(speculation.Proposed, "token")}, of which {speculation.Accepted} "
                + $"were taken ({100.0 * speculation.Accepted / speculation.Proposed:F0} %); "
                + $"{speculation.SpeedUp:F2} times as "
                + $"fast as without it"));
        }

        terminal.Messages.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Units.Count(result.TokenIds.Length, "token")} ({StopReason(result).Replace('_', ' ')}); "
            + $"prompt {result.PrefillTokensPerSecond:F0} tokens/s, text {result.DecodeTokensPerSecond:F1} tokens/s; "
            + $"cache {result.KvBytesPerToken} bytes per token; peak memory {SizeText.Of(ProcessMemory.Peak())}"));
    }

    private static string StopReason(GenerationResult result) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(result.StopReason.ToString());

    private static JsonObject ToJson(GenerationResult result) => new()
    {
        ["text"] = result.Text,
        ["token_ids"] = JsonSerializer.SerializeToNode(result.TokenIds),
        ["stop_reason"] = StopReason(result),
        ["prompt_tokens"] = result.PromptTokens,
        ["tokens_per_second"] = new JsonObject
        {
            ["prefill"] = result.PrefillTokensPerSecond,
            ["decode"] = result.DecodeTokensPerSecond,
        },
        ["kv_bytes_per_token"] = result.KvBytesPerToken,
        ["peak_rss_bytes"] = ProcessMemory.Peak(),
        ["speculation"] = result.Speculation is not { } speculation
            ? null
            : new JsonObject
            {
                ["proposed"] = speculation.Proposed,
                ["accepted"] = speculation.Accepted,
                ["speed_up"] = speculation.SpeedUp,
            },
    };
}
