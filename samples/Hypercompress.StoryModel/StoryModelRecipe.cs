using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Training;

namespace Hypercompress.StoryModel;

/// <summary>Every number that the shipped model depends on.</summary>
public static class StoryModelRecipe
{
    /// <summary>Wanted size of the vocabulary.</summary>
    public const int VocabularySize = 2048;

    /// <summary>Stories that the vocabulary is learned from.</summary>
    public const int VocabularyStories = 6000;

    /// <summary>First seed of the stories that are learned from; there are fewer than a million.</summary>
    public const ulong TrainingSeed = 1_000_000;

    /// <summary>First seed of the stories that perplexity is measured on.</summary>
    public const ulong HeldOutSeed = 2_000_000;

    /// <summary>First seed of the stories for calibration.</summary>
    public const ulong CalibrationSeed = 3_000_000;

    /// <summary>First seed of the stories that choose the best state while training.</summary>
    public const ulong ValidationSeed = 4_000_000;

    /// <summary>Length of the held-out text in characters.</summary>
    public const int HeldOutCharacters = 80_000;

    /// <summary>Length of the calibration text in characters.</summary>
    public const int CalibrationCharacters = 200_000;

    /// <summary>Seed of the first weights.</summary>
    public const ulong WeightSeed = 7;

    /// <summary>Standard deviation of the first weights.</summary>
    public const double WeightDeviation = 0.04;

    /// <summary>Torch threads; another number gives a model of the same quality with other bytes.</summary>
    public const int Threads = 1;

    /// <summary>
    /// How it is trained. Every round reads stories that no round before has read, and starts from the float16 weights
    /// that the round before has stored. The first round learns the sentences; the second has smaller steps and more
    /// of them, in which the model learns to remember names and things through a story.
    /// </summary>
    public static ImmutableArray<TrainingOptions> Rounds { get; } =
    [
        Round with { LearningRate = 3e-3, TokenBudget = 2_200_000, SequenceLength = 512 },
        Round with { LearningRate = 1e-3, TokenBudget = 2_400_000, SequenceLength = 256 },
    ];

    private static TrainingOptions Round => new()
    {
        WarmupFraction = 0.05,
        FinalLearningRateFraction = 0.02,
        BatchSize = 4,
        WeightDecay = 0.05,
        ValidationInterval = 100,
        ValidationTokens = 16384,
        Seed = 11,
    };

    /// <summary>The <c>config.json</c> of the model.</summary>
    /// <param name="vocabularySize">Size of the vocabulary that was found.</param>
    /// <returns>A Llama of 2.4 million weights at 2048 tokens.</returns>
    public static JsonObject Configuration(int vocabularySize) => new()
    {
        ["architectures"] = new JsonArray("LlamaForCausalLM"),
        ["model_type"] = "llama",
        ["hidden_act"] = "silu",
        ["hidden_size"] = 192,
        ["intermediate_size"] = 512,
        ["num_hidden_layers"] = 5,
        ["num_attention_heads"] = 6,
        ["num_key_value_heads"] = 3,
        ["head_dim"] = 32,
        ["vocab_size"] = vocabularySize,
        ["max_position_embeddings"] = 512,
        ["rms_norm_eps"] = 1e-5,
        ["rope_theta"] = 10000.0,
        ["attention_bias"] = false,
        ["mlp_bias"] = false,
        ["tie_word_embeddings"] = true,
        ["bos_token_id"] = 0,
        ["eos_token_id"] = 0,
        ["torch_dtype"] = "float16",
        ["transformers_version"] = "4.46.0",
    };

    /// <summary>The configuration as the decoder takes it.</summary>
    /// <param name="vocabularySize">Size of the vocabulary that was found.</param>
    /// <returns>The configuration.</returns>
    public static DecoderConfig Decoder(int vocabularySize) =>
        DecoderConfigReader.Parse(
            JsonSerializer.SerializeToNode(Configuration(vocabularySize))!.AsObject(), "config.json");
}
