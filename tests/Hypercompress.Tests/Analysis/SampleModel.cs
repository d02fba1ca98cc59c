using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Analysis;

/// <summary>A real small model with text of its kind, and tiny random decoders.</summary>
internal static class SampleModel
{
    internal static LanguageModel Load()
    {
        using ModelPackage package = ModelPackage.Open(SharedFiles.Require("models/tinystories-656k-hf"));
        return LanguageModel.Load(package);
    }

    internal static int[][] Windows(ITokenizer tokenizer, int count, int length)
    {
        string path = SharedFiles.Require("data/tinystories/tinystories_train_2MiB.txt");
        string text = File.ReadAllText(path)[..(count * length * 6)];
        return [.. tokenizer.Encode(text).Chunk(length).Take(count)];
    }

    internal static DecoderModel Random(bool tied, ulong seed = 3, string? broken = null, int layers = 2)
    {
        string json = $$"""
            {
              "model_type": "llama", "hidden_size": 16, "num_hidden_layers": {{layers}}, "num_attention_heads": 4,
              "num_key_value_heads": 2, "intermediate_size": 24, "vocab_size": 40, "rms_norm_eps": 1e-5,
              "max_position_embeddings": 64, "tie_word_embeddings": {{(tied ? "true" : "false")}}
            }
            """;
        var config = DecoderConfigReader.Parse(System.Text.Json.Nodes.JsonNode.Parse(json)!.AsObject(), "config.json");
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        return DecoderModel.Assemble(
            config,
            slot =>
            {
                Tensor weight = randn(slot.Rows, slot.Columns, generator: generator) * 0.2f;
                return new DenseMatrix(slot.Name == broken ? weight * float.NaN : weight);
            },
            vector => ones(vector.Length));
    }

    internal static int[][] RandomWindows(int count, int length, int seed = 5)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count)
            .Select(_ => Enumerable.Range(0, length).Select(_ => random.Next(40)).ToArray())];
    }
}
