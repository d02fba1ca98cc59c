using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Cli.Commands;

/// <summary><c>tokenize</c>: texts to token ids and back.</summary>
internal static class TokenizeCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        Argument<string?> model = ModelArgument.Optional();
        Option<string> input = new("--input")
        {
            Description = "Texts, one JSON string per line",
            HelpName = "FILE.jsonl",
            Required = true,
        };
        Option<bool> noSpecial = new("--no-special") { Description = "Do not add BOS or EOS tokens" };
        Option<bool> json = JsonOption.Create();
        var command = new Verb(
            "tokenize",
            "Converts texts to token ids and back",
            "tokenize MODEL --input texts.jsonl --json")
        {
            model, input, noSpecial, json,
        };
        command.SetAction(parsed =>
        {
            ITokenizer tokenizer = ModelOpener.OpenTokenizer(parsed.GetValue(model), ModelAccess.Of(parsed, terminal));
            string[] texts = [.. ReadTexts(parsed.GetValue(input)!)];
            int[][] ids = [.. texts.Select(text => tokenizer.Encode(text, !parsed.GetValue(noSpecial)))];
            Print(terminal, parsed.GetValue(json), ids, [.. ids.Select(sequence => tokenizer.Decode(sequence))]);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static IEnumerable<string> ReadTexts(string path)
    {
        int number = 0;
        foreach (string line in InputFile.ReadLines(path))
        {
            number++;
            if (line.Length > 0)
            {
                yield return ParseLine(path, number, line);
            }
        }
    }

    private static string ParseLine(string path, int number, string line)
    {
        try
        {
            return JsonSerializer.Deserialize<string>(line)
                ?? throw new CheckpointException(path, $"line {number} is null, expected a JSON string");
        }
        catch (JsonException e)
        {
            throw new CheckpointException(
                path, $"line {number} is not a JSON string: {MalformedJson.DescribeInLine(e)}", e);
        }
    }

    private static void Print(Terminal terminal, bool json, int[][] ids, string[] decoded)
    {
        if (json)
        {
            terminal.WriteJson(new JsonObject
            {
                ["ids"] = JsonSerializer.SerializeToNode(ids),
                ["decoded"] = JsonSerializer.SerializeToNode(decoded),
            });
            return;
        }

        foreach (int[] sequence in ids)
        {
            terminal.Results.WriteLine(string.Join(' ', sequence));
        }
    }
}
