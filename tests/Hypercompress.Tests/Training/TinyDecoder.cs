using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Training;

/// <summary>A decoder of a few thousand weights, and text for it.</summary>
internal static class TinyDecoder
{
    public const int Vocabulary = 24;

    public static DecoderModel Create(ulong seed, Func<Tensor, WeightMatrix>? matrix = null)
    {
        var config = DecoderConfigReader.Parse(Config(), "config.json");
        using var random = new Generator(seed);
        return DecoderModel.Assemble(
            config,
            slot =>
            {
                using var scope = NewDisposeScope();
                Tensor values = randn([slot.Rows, slot.Columns], generator: random).mul_(0.2);
                return matrix is null ? new DenseMatrix(values) : matrix(values);
            },
            vector => ones(vector.Length));
    }

    /// <summary>Its <c>config.json</c>.</summary>
    public static JsonObject Config() => new()
    {
        ["model_type"] = "llama",
        ["hidden_size"] = 16,
        ["intermediate_size"] = 32,
        ["num_hidden_layers"] = 2,
        ["num_attention_heads"] = 4,
        ["num_key_value_heads"] = 2,
        ["vocab_size"] = Vocabulary,
        ["max_position_embeddings"] = 32,
        ["tie_word_embeddings"] = true,
    };

    /// <summary>
    /// A text that counts upwards with jumps: easy to predict, so that training has something to learn.
    /// </summary>
    public static ImmutableArray<int> Text(int length, int seed)
    {
        var random = new Random(seed);
        var ids = ImmutableArray.CreateBuilder<int>(length);
        int id = 0;
        for (int i = 0; i < length; i++)
        {
            id = random.Next(8) == 0 ? random.Next(Vocabulary) : (id + 1) % Vocabulary;
            ids.Add(id);
        }

        return ids.MoveToImmutable();
    }

    /// <summary>All parameters, one after the other.</summary>
    public static float[] Weights(DecoderModel model)
    {
        using var scope = NewDisposeScope();
        return [.. model.Parameters.SelectMany(parameter => parameter.detach().contiguous().data<float>().ToArray())];
    }

    /// <summary>All gradients, one after the other.</summary>
    public static float[] Gradients(DecoderModel model)
    {
        using var scope = NewDisposeScope();
        return [.. model.Parameters.SelectMany(parameter => parameter.grad!.contiguous().data<float>().ToArray())];
    }

    /// <summary>Switches gradients on, or off and away.</summary>
    public static void AskForGradients(DecoderModel model, bool wanted)
    {
        using var scope = NewDisposeScope();
        foreach (var parameter in model.Parameters)
        {
            parameter.requires_grad = wanted;
            parameter.grad = null;
        }
    }
}
