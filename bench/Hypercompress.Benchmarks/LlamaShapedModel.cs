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
/// Writes a Llama-shaped model of any size, bfloat16, to measure memory and time:
/// <c>shape OUT TOKENIZER_FOLDER VOCABULARY LAYERS HIDDEN INTERMEDIATE HEADS KEY_VALUE_HEADS</c>. Its weights are
/// random, and their rows, columns and leading directions differ in size as those of trained models do. It has the
/// tokenizer of another model and says nothing.
/// </summary>
internal static class LlamaShapedModel
{
    private const double Deviation = 0.02;
    private const int LeadingRank = 16;
    private static readonly string[] TokenizerFiles =
        ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"];

    public static void Run(string[] args)
    {
        (string folder, string tokenizer) = (args[1], args[2]);
        int[] sizes = [.. args[3..9].Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        Directory.CreateDirectory(folder);
        JsonObject json = Config(sizes);
        string configFile = Path.Combine(folder, "config.json");
        File.WriteAllText(configFile, json.ToJsonString());
        foreach (string file in TokenizerFiles.Where(file => File.Exists(Path.Combine(tokenizer, file))))
        {
            File.Copy(Path.Combine(tokenizer, file), Path.Combine(folder, file), overwrite: true);
        }

        using var generator = new Generator(3);
        long bytes = SafetensorsWriter.WriteSharded(
            folder, [.. Tensors(DecoderConfigReader.Parse(json, configFile), generator)], 5_000_000_000);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bytes / 2} parameters, {bytes} bytes"));
    }

    private static JsonObject Config(int[] sizes) => new()
    {
        ["architectures"] = new JsonArray("LlamaForCausalLM"),
        ["model_type"] = "llama",
        ["vocab_size"] = sizes[0],
        ["num_hidden_layers"] = sizes[1],
        ["hidden_size"] = sizes[2],
        ["intermediate_size"] = sizes[3],
        ["num_attention_heads"] = sizes[4],
        ["num_key_value_heads"] = sizes[5],
        ["max_position_embeddings"] = 2048,
        ["rms_norm_eps"] = 1e-5,
        ["hidden_act"] = "silu",
        ["tie_word_embeddings"] = false,
        ["torch_dtype"] = "bfloat16",
    };

    private static IEnumerable<TensorToWrite> Tensors(DecoderConfig config, Generator generator)
    {
        var layout = new DecoderLayout(config);
        foreach (SlotLayout slot in layout.Slots)
        {
            foreach (LayoutPart part in slot.Parts)
            {
                yield return new TensorToWrite(
                    part.TensorName,
                    ScalarType.BFloat16,
                    [part.TensorRows, slot.Columns],
                    () => Matrix(part.TensorRows, slot.Columns, generator));
            }
        }

        foreach (LayoutPart part in layout.Vectors.SelectMany(vector => vector.Parts))
        {
            yield return new TensorToWrite(
                part.TensorName,
                ScalarType.BFloat16,
                [part.TensorRows],
                () => ones(part.TensorRows, ScalarType.BFloat16));
        }
    }

    private static Tensor Matrix(long rows, long columns, Generator generator)
    {
        using var scope = NewDisposeScope();
        Tensor values = randn(rows, columns, generator: generator);
        Tensor leading = randn(rows, LeadingRank, generator: generator)
            .matmul(randn(LeadingRank, columns, generator: generator)) / Math.Sqrt(LeadingRank);
        Tensor ofColumns = (randn(columns, generator: generator) * 0.4).exp_();
        Tensor ofRows = (randn(rows, 1, generator: generator) * 0.2).exp_();
        values.add_(leading).mul_(ofColumns).mul_(ofRows).mul_(Deviation);
        return values.to(ScalarType.BFloat16).MoveToOuterDisposeScope();
    }
}
