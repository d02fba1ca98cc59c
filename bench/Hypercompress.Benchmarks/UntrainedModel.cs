using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Transformer.Layout;
using static TorchSharp.torch;

namespace Hypercompress.Benchmarks;

/// <summary>
/// Writes a Llama model that has learned nothing, with the vocabulary and tokenizer of another one: what the same bytes
/// and tokens make of a model that starts from nothing, beside one that was compressed:
/// <c>untrained OUT MODEL_FOLDER LAYERS HIDDEN INTERMEDIATE HEADS KEY_VALUE_HEADS</c>. <c>compress MODEL --student OUT</c>
/// trains it.
/// </summary>
internal static class UntrainedModel
{
    private const double Deviation = 0.02;
    private static readonly string[] SizeKeys =
    [
        "num_hidden_layers", "hidden_size", "intermediate_size", "num_attention_heads", "num_key_value_heads",
    ];

    public static void Run(string[] args)
    {
        (string folder, string model) = (args[1], args[2]);
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(model, "*.json"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        string configFile = Path.Combine(folder, "config.json");
        JsonObject json = JsonNode.Parse(File.ReadAllText(configFile))!.AsObject();
        foreach ((string key, string size) in SizeKeys.Zip(args[3..8]))
        {
            json[key] = int.Parse(size, CultureInfo.InvariantCulture);
        }

        json["head_dim"] = (int)json["hidden_size"]! / (int)json["num_attention_heads"]!;
        json["torch_dtype"] = "bfloat16";
        File.WriteAllText(configFile, json.ToJsonString());
        using var generator = new Generator(3);
        DecoderConfig config = DecoderConfigReader.Parse(json, configFile);
        long bytes = SafetensorsWriter.WriteSharded(folder, [.. Tensors(config, generator)], 5_000_000_000);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bytes / 2} parameters, {bytes} bytes"));
    }

    private static IEnumerable<TensorToWrite> Tensors(DecoderConfig config, Generator generator)
    {
        var layout = new DecoderLayout(config);
        IEnumerable<TensorToWrite> matrices =
            from slot in layout.Slots
            from part in slot.Parts
            select new TensorToWrite(
                part.TensorName,
                ScalarType.BFloat16,
                [part.TensorRows, slot.Columns],
                () => randn(part.TensorRows, slot.Columns, generator: generator)
                    .mul_(Deviation)
                    .to(ScalarType.BFloat16));
        IEnumerable<TensorToWrite> vectors =
            from part in layout.Vectors.SelectMany(vector => vector.Parts)
            select new TensorToWrite(
                part.TensorName,
                ScalarType.BFloat16,
                [part.TensorRows],
                () => ones(part.TensorRows, ScalarType.BFloat16));
        return matrices.Concat(vectors);
    }
}
