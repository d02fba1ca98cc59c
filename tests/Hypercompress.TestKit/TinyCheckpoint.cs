using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Transformer.Layout;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.TestKit;

/// <summary>A random decoder of two layers as a Hugging Face folder, with its tokenizer and texts.</summary>
public static class TinyCheckpoint
{
    public const int HiddenSize = 32;
    public const int Context = 128;

    private static readonly string[] Words =
    [
        "the", "a", "small", "green", "dog", "cat", "river", "stone", "went", "saw", "into", "under", "and", "then",
        "slept", "sang", "old", "garden", "bread", "window", "never", "again", "with", "her", "his", "friend",
    ];

    /// <summary>Writes a model.</summary>
    /// <param name="folder">Is made.</param>
    /// <param name="type">Element type of its weights.</param>
    /// <param name="tied">Whether the head is the embedding.</param>
    /// <param name="seed">Of the weights.</param>
    /// <param name="change">Changes a tensor, by its name, before it is written; null leaves all as they are.</param>
    /// <param name="hiddenSize">Width of hidden states, a multiple of 8.</param>
    /// <returns>The folder.</returns>
    public static string Write(
        string folder,
        ScalarType type = ScalarType.Float16,
        bool tied = true,
        ulong seed = 11,
        Func<string, Tensor, Tensor?>? change = null,
        int hiddenSize = HiddenSize)
    {
        Directory.CreateDirectory(folder);
        JsonObject config = Config(tied, type, hiddenSize);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), TinyTokenizer.Json());
        File.WriteAllText(
            Path.Combine(folder, "tokenizer_config.json"), """{"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}""");
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        var tensors = Tensors(config, type, generator)
            .Select(pair => (pair.Name, Value: change is null ? pair.Value : change(pair.Name, pair.Value)))
            .Where(pair => pair.Value is not null);
        SafetensorsWriter.Write(
            Path.Combine(folder, SafetensorsNames.SingleFile),
            tensors.Select(pair => KeyValuePair.Create(pair.Name, pair.Value!)).ToArray());
        return folder;
    }

    /// <summary>Sentences of common words.</summary>
    /// <param name="words">How many words.</param>
    /// <param name="seed">Of the draws.</param>
    public static string Text(int words, int seed)
    {
        var random = new Random(seed);
        return string.Join(' ', Enumerable.Range(1, words).Select(
            i => Words[random.Next(Words.Length)] + (i % 9 == 0 ? ".\n" : string.Empty))) + "\n";
    }

    private static JsonObject Config(bool tied, ScalarType type, int hiddenSize) => new()
    {
        ["architectures"] = new JsonArray("LlamaForCausalLM"),
        ["model_type"] = "llama",
        ["hidden_size"] = hiddenSize,
        ["intermediate_size"] = 2 * hiddenSize,
        ["num_hidden_layers"] = 2,
        ["num_attention_heads"] = 4,
        ["num_key_value_heads"] = 2,
        ["vocab_size"] = TinyTokenizer.VocabularySize,
        ["rms_norm_eps"] = 1e-5,
        ["max_position_embeddings"] = Context,
        ["tie_word_embeddings"] = tied,
        ["bos_token_id"] = TinyTokenizer.Begin,
        ["eos_token_id"] = TinyTokenizer.End,
        ["torch_dtype"] = type switch
        {
            ScalarType.Float32 => "float32",
            ScalarType.BFloat16 => "bfloat16",
            _ => "float16",
        },
    };

    // Weights with a decaying spectrum, as trained ones have: low-rank pieces can hold some of them.
    private static IEnumerable<(string Name, Tensor Value)> Tensors(
        JsonObject config, ScalarType type, Generator generator)
    {
        var layout = new DecoderLayout(DecoderConfigReader.Parse(config, "config.json"));
        foreach (SlotLayout slot in layout.Slots)
        {
            Tensor decay = (arange(slot.Columns) * -0.15).exp();
            Tensor mix = randn(slot.Columns, slot.Columns, generator: generator) / Math.Sqrt(slot.Columns);
            foreach (LayoutPart part in slot.Parts)
            {
                Tensor rows = randn(part.Rows, slot.Columns, generator: generator);
                yield return (part.TensorName, (0.5 * (rows * decay).matmul(mix)).to(type));
            }
        }

        foreach (LayoutPart part in layout.Vectors.SelectMany(vector => vector.Parts))
        {
            yield return (part.TensorName, (1 + (0.1 * randn(part.Rows, generator: generator))).to(type));
        }
    }
}
