using System.Collections.Immutable;

namespace Hypercompress.Models.Architectures;

/// <summary>
/// The keys of sizes and choices in the <c>config.json</c> of a family, with the defaults of Hugging Face transformers.
/// The initial values are those of most families.
/// </summary>
public sealed record ConfigKeys
{
    /// <summary>Width of the residual stream.</summary>
    public string HiddenSize { get; init; } = "hidden_size";

    /// <summary>Number of layers.</summary>
    public string Layers { get; init; } = "num_hidden_layers";

    /// <summary>Number of query heads.</summary>
    public string Heads { get; init; } = "num_attention_heads";

    /// <summary>Number of key/value heads; null when there are always as many as query heads.</summary>
    public string? KeyValueHeads { get; init; } = "num_key_value_heads";

    /// <summary>Width of a head; null for the share of the hidden size that falls to it.</summary>
    public ConfigKey<int?> HeadDimension { get; init; } = new("head_dim", null);

    /// <summary>Width of the feed-forward block.</summary>
    public string IntermediateSize { get; init; } = "intermediate_size";

    /// <summary>That width as a multiple of the hidden size where it is not stated; null when it has to be.</summary>
    public int? IntermediateMultiple { get; init; }

    /// <summary>The longest sequence.</summary>
    public ConfigKey<int> MaxPositions { get; init; } = new("max_position_embeddings", 2048);

    /// <summary>The number that norms add to the mean square or variance.</summary>
    public ConfigKey<double> NormEpsilon { get; init; } = new("rms_norm_eps", 1e-6);

    /// <summary>Nonlinearity of the feed-forward block.</summary>
    public ConfigKey<string> Activation { get; init; } = new("hidden_act", "silu");

    /// <summary>Whether the embedding is also the output projection.</summary>
    public ConfigKey<bool> TieEmbeddings { get; init; } = new("tie_word_embeddings", false);

    /// <summary>Whether the query, key and value projections have biases.</summary>
    public ConfigKey<bool> AttentionBias { get; init; } = new(null, false);

    /// <summary>Whether the output projection of the attention has a bias.</summary>
    public ConfigKey<bool> AttentionOutputBias { get; init; } = new(null, false);

    /// <summary>Whether the projections of the feed-forward block have biases.</summary>
    public ConfigKey<bool> MlpBias { get; init; } = new(null, false);

    /// <summary>Base of the rotary frequencies; null when the family does not rotate.</summary>
    public ConfigKey<double>? RopeTheta { get; init; } = new("rope_theta", 10000);

    /// <summary>Base of the rotary frequencies of layers with a window, when they have one of their own.</summary>
    public ConfigKey<double>? LocalRopeTheta { get; init; }

    /// <summary>The share of each head that is rotated.</summary>
    public ConfigKey<double> RotaryFraction { get; init; } = new(null, 1);

    /// <summary>Old names of rope types.</summary>
    public ImmutableDictionary<string, string> RopeAliases { get; init; } =
        ImmutableDictionary<string, string>.Empty.Add("su", "longrope");

    /// <summary>Which layers are not rotated; null when all are.</summary>
    public NoRopeRule? NoRope { get; init; }

    /// <summary>Which layers have a window.</summary>
    public WindowRule Window { get; init; } = WindowRule.None;

    /// <summary>
    /// The number whose inverse root products of queries and keys are multiplied by; null for the width of a head.
    /// </summary>
    public ConfigKey<double?> QueryScalar { get; init; } = new(null, null);

    /// <summary>Whether products of queries and keys are scaled at all.</summary>
    public ConfigKey<bool> ScalesAttention { get; init; } = new(null, true);

    /// <summary>Whether they are also divided by the number of the layer, counted from 1.</summary>
    public ConfigKey<bool> DividesByLayer { get; init; } = new(null, false);

    /// <summary>Largest product of queries and keys, by tanh; null when there is none.</summary>
    public ConfigKey<double?> AttentionSoftCap { get; init; } = new(null, null);

    /// <summary>Largest logit, by tanh; null when there is none.</summary>
    public ConfigKey<double?> LogitSoftCap { get; init; } = new(null, null);

    /// <summary>Whether attention and feed-forward block read the same residual stream.</summary>
    public ConfigKey<bool> ParallelResidual { get; init; } = new(null, false);

    /// <summary>Flags that make another model of it, which is not supported; they must not be set.</summary>
    public ImmutableArray<string> Refused { get; init; } = [];
}
