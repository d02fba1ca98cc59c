using System.Collections.Immutable;

namespace Hypercompress.Reporting.Wording;

/// <summary>The words of plans, reports and model cards, with one line about each.</summary>
public static class Glossary
{
    /// <summary>Key of the line about a branch in the metadata of its report.</summary>
    internal const string BranchSummary = "summary";

    /// <summary>The words with their meanings; every branch explains its own name.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> Entries { get; } =
    [
        new("nats/token", "increase of the mean loss of a token; 0.01 is 1 % more perplexity"),
        new("bits/weight", "stored bits, scales included, for each weight of the teacher"),
        new("site", "a weight matrix of the model"),
        new("ec3.5", "entropy-coded with 3.5 bits per weight on average, not trained"),
        new("ef3.5", "the same with finer scales, which training adjusts"),
        new("es3.5", "entropy-coded in a form whose levels training adjusts as well"),
        new("int8-g64", "8-bit integers with a scale for each 64 weights; uint4: 4 bits"),
        new("f16, bf16", "floating-point numbers of 16 bits"),
        new("rank", "inner size of two low-rank factors"),
    ];
}
