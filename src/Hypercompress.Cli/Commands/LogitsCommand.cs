using System.CommandLine;
using System.Text.Json.Nodes;
using System.Text.Json;
using Hypercompress.Artifacts;
using Hypercompress.Cli.Output;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Corpora;
using static TorchSharp.torch;

namespace Hypercompress.Cli.Commands;

/// <summary><c>logits</c>: what a model answers to given token ids, at every position.</summary>
internal static class LogitsCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        Argument<string?> model = ModelArgument.Optional();
        Option<string> ids = new("--ids")
        {
            Description = "A JSON list of lists of token ids",
            HelpName = "FILE.json",
            Required = true,
        };
        Option<string> output = new("--out")
        {
            Description = "Where logits.0, logits.1, … are written, float32 [tokens, vocabulary]",
            HelpName = "FILE.safetensors",
            Required = true,
        };
        Option<int?> threads = ThreadsOption.Create();
        Option<bool> json = JsonOption.Create();
        var command = new Command("logits", "Writes a model's logits for given token ids") { model, ids, output, threads, json };
        command.SetAction(parsed =>
        {
            ThreadsOption.Apply(parsed.GetValue(threads));
            using OpenModel opened = ModelOpener.Open(parsed.GetValue(model), HubAccess.Of(parsed, terminal));
            int[][] sequences = TokenIdFile.ReadSequences(parsed.GetValue(ids)!, opened.Model.Decoder.Config.VocabularySize);
            JsonArray shapes = Write(opened, sequences, parsed.GetValue(output)!);
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(new JsonObject { ["shapes"] = shapes });
            }

            return (int)ExitCode.Done;
        });
        return command;
    }

    private static JsonArray Write(OpenModel opened, int[][] sequences, string path)
    {
        int vocabulary = opened.Model.Decoder.Config.VocabularySize;
        TensorToWrite[] tensors =
        [
            .. sequences.Select((sequence, i) => new TensorToWrite(
                $"logits.{i}", ScalarType.Float32, [sequence.Length, vocabulary], () => Logits(opened, sequence))),
        ];
        SafetensorsWriter.Write(path, tensors);
        return [.. sequences.Select(sequence => new JsonArray(sequence.Length, vocabulary))];
    }

    private static Tensor Logits(OpenModel opened, int[] sequence)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor input = tensor(Array.ConvertAll(sequence, id => (long)id)).unsqueeze(0).to(opened.Model.Decoder.Device);
        return opened.Model.Decoder.Forward(input).squeeze(0).cpu().MoveToOuterDisposeScope();
    }
}
