using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Corpora;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Cli.Commands;

/// <summary><c>logits</c>: the logits of a model for given token ids, at every position.</summary>
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
            Description = "JSON file with a list of lists of token ids",
            HelpName = "FILE.json",
            Required = true,
        };
        Option<string> output = new("--out")
        {
            Description = "File for the tensors logits.0, logits.1, …, each float32 [tokens, vocabulary]",
            HelpName = "FILE.safetensors",
            Required = true,
        };
        Option<int?> threads = ThreadsOption.Create();
        Option<bool> json = JsonOption.Create();
        var command = new Verb(
            "logits",
            "Writes the logits of a model for given token ids",
            "logits MODEL --ids ids.json --out logits.safetensors")
        {
            model, ids, output, threads, json,
        };
        command.SetAction(parsed =>
        {
            ThreadsOption.Apply(parsed.GetValue(threads));
            OutputTarget.CheckFile(output.Name, parsed.GetValue(output));
            // What is wrong with the ids shows before the model is loaded; whether it knows them all, only then.
            _ = TokenIdFile.ReadSequences(parsed.GetValue(ids)!, int.MaxValue);
            using OpenModel opened = ModelOpener.Open(parsed.GetValue(model), ModelAccess.Of(parsed, terminal));
            int[][] sequences = TokenIdFile.ReadSequences(
                parsed.GetValue(ids)!, opened.Model.Decoder.Config.VocabularySize);
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
        Tensor logits = opened.Model.Decoder.Forward(input).squeeze(0).cpu();
        return logits.isfinite().all().item<bool>()
            ? logits.MoveToOuterDisposeScope()
            : throw new NumericalException(
                $"{opened.Location}: the model's logits are not finite numbers; its weights are damaged");
    }
}
