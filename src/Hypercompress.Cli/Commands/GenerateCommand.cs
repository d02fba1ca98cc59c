using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json;
using Hypercompress.Artifacts;
using Hypercompress.Cli.Output;
using Hypercompress.Models.Generation;

namespace Hypercompress.Cli.Commands;

/// <summary><c>generate</c>: lets a model continue a text.</summary>
internal static class GenerateCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        Argument<string?> model = ModelArgument.Optional();
        Option<string> prompt = new("--prompt") { Description = "The text to continue", HelpName = "TEXT", Required = true };
        Option<bool> chat = new("--chat") { Description = "The prompt is a message: use the model's chat template" };
        Option<int> maxTokens = new("--max-tokens") { Description = "Most tokens to make", DefaultValueFactory = _ => 128 };
        Option<double> temperature = new("--temperature") { Description = "0 takes the best token", DefaultValueFactory = _ => 0 };
        Option<int> topK = new("--top-k") { Description = "Draw from the best K only; 0 from all" };
        Option<double> topP = new("--top-p") { Description = "Draw from the best that reach this probability", DefaultValueFactory = _ => 1 };
        Option<ulong> seed = new("--seed") { Description = "Seed of the draws" };
        Option<bool> ignoreEnd = new("--ignore-end") { Description = "Go on past the end of the text" };
        Option<int?> threads = ThreadsOption.Create();
        Option<bool> json = JsonOption.Create();
        var command = new Command("generate", "Continues a text")
        {
            model, prompt, chat, maxTokens, temperature, topK, topP, seed, ignoreEnd, threads, json,
        };
        command.SetAction(parsed =>
        {
            ThreadsOption.Apply(parsed.GetValue(threads));
            using OpenModel opened = ModelOpener.Open(parsed.GetValue(model), HubAccess.Of(parsed, terminal));
            var sampling = new SamplingOptions
            {
                MaxTokens = parsed.GetValue(maxTokens),
                Temperature = parsed.GetValue(temperature),
                TopK = parsed.GetValue(topK),
                TopP = parsed.GetValue(topP),
                Seed = parsed.GetValue(seed),
                IgnoreEnd = parsed.GetValue(ignoreEnd),
            };
            string text = parsed.GetValue(prompt)!;
            int[]? message = parsed.GetValue(chat) ? ChatPrompt.Encode(opened, text) : null;
            Run(terminal, parsed.GetValue(json), opened, message, text, sampling);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Run(
        Terminal terminal, bool json, OpenModel opened, int[]? message, string prompt, SamplingOptions sampling)
    {
        var generator = new TextGenerator(opened.Model, TimeProvider.System);
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
        terminal.Messages.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.TokenIds.Length} tokens ({result.StopReason}); prompt {result.PrefillTokensPerSecond:F0}/s, text {result.DecodeTokensPerSecond:F1}/s; cache {result.KvBytesPerToken:N0} bytes a token"));
    }

    private static JsonObject ToJson(GenerationResult result) => new()
    {
        ["text"] = result.Text,
        ["token_ids"] = JsonSerializer.SerializeToNode(result.TokenIds),
        ["stop_reason"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(result.StopReason.ToString()),
        ["prompt_tokens"] = result.PromptTokens,
        ["tokens_per_second"] = new JsonObject
        {
            ["prefill"] = result.PrefillTokensPerSecond,
            ["decode"] = result.DecodeTokensPerSecond,
        },
        ["kv_bytes_per_token"] = result.KvBytesPerToken,
    };
}
