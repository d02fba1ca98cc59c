using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Generation;

/// <summary>How the next token is chosen, and when to stop.</summary>
public sealed record SamplingOptions
{
    private const int MostLogProbabilities = 20;

    /// <summary>The most tokens to make; at least 1, 128 unless stated.</summary>
    public int MaxTokens { get; init; } = 128;

    /// <summary>
    /// The divisor of logits; 0 (the default) always takes the best, the lowest id among equals.
    /// </summary>
    public double Temperature { get; init; }

    /// <summary>How many of the best tokens stay in the draw; 0 (the default) for all.</summary>
    public int TopK { get; init; }

    /// <summary>The fewest best tokens whose probabilities reach this stay in the draw, in (0, 1]; 1 for all.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Seed of the draws; 0 unless stated.</summary>
    public ulong Seed { get; init; }

    /// <summary>Ids that end the text, beside those of the model.</summary>
    public ImmutableArray<int> StopIds { get; init; } = [];

    /// <summary>Goes on past the model's own end ids; false unless stated.</summary>
    public bool IgnoreEnd { get; init; }

    /// <summary>
    /// How many of the most probable tokens are told with every token, 0 to 20; null (the default) tells no
    /// probabilities at all.
    /// </summary>
    public int? LogProbabilities { get; init; }

    /// <summary>Checks all ranges.</summary>
    /// <exception cref="ConfigurationException">A value is out of range.</exception>
    public void Validate()
    {
        Require(MaxTokens >= 1, "max tokens", "at least 1", MaxTokens);
        Require(Temperature >= 0 && double.IsFinite(Temperature), "temperature", "0 or above", Temperature);
        Require(TopK >= 0, "top-k", "0 (off) or above", TopK);
        Require(TopP is > 0 and <= 1, "top-p", "above 0 and at most 1", TopP);
        Require(
            LogProbabilities is null or (>= 0 and <= MostLogProbabilities),
            "log probabilities",
            "0 to 20",
            LogProbabilities ?? 0);
    }

    private static void Require(bool holds, string name, string range, object found)
    {
        if (!holds)
        {
            throw new ConfigurationException(
                string.Create(CultureInfo.InvariantCulture, $"{name} must be {range}, found {found}"));
        }
    }
}
