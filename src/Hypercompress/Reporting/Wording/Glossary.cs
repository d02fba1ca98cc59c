using System.Collections.Immutable;
using Hypercompress.NumberFormats.Blocks;
using Hypercompress.NumberFormats.EntropyCoding;
using Hypercompress.NumberFormats.Integers;

namespace Hypercompress.Reporting.Wording;

/// <summary>The words of plans, reports and model cards, with one line about each.</summary>
public static class Glossary
{
    /// <summary>Key of the line about a branch in the metadata of its report.</summary>
    internal const string BranchSummary = "summary";

    private static readonly ImmutableArray<KeyValuePair<string, string>> Units =
    [
        new("nats/token", "increase of the mean loss of a token; 0.01 is 1 % more perplexity"),
        new("bits/weight", "stored bits, scales included, for each weight of the teacher"),
        new("site", "a weight matrix of the model"),
    ];

    private static readonly ImmutableArray<KeyValuePair<string, string>> Coded =
    [
        new("ec3.5", "entropy-coded with 3.5 bits per weight on average, not trained"),
        new("ef3.5", "the same with finer scales, which training adjusts"),
        new("es3.5", "entropy-coded in a form whose levels training adjusts as well"),
    ];

    private static readonly ImmutableArray<KeyValuePair<string, string>> Integers =
    [
        new("int8-g64", "8-bit integers with a scale for each 64 weights"),
        new("uint4-g64", "4-bit integers with a scale and a minimum for each 64 weights"),
        new("uint4z-g64", "the same with a zero point of 4 bits in place of the minimum"),
    ];

    private static readonly ImmutableArray<KeyValuePair<string, string>> Plain =
    [
        new("f16, bf16", "floating-point numbers of 16 bits; f32: of 32 bits"),
        new("rank", "inner size of two low-rank factors"),
    ];

    /// <summary>The words of one result with their meanings; every branch explains its own name.</summary>
    /// <param name="used">
    /// Words in which names of number formats may be; kinds of formats that are not among them are left out.
    /// </param>
    /// <returns>Units, number formats, forms.</returns>
    public static ImmutableArray<KeyValuePair<string, string>> For(IEnumerable<string> used)
    {
        string[] names = [.. used.Distinct(StringComparer.Ordinal)];
        return
        [
            .. Units,
            .. names.Any(name => EntropyFormat.TryParse(name) is not null) ? Coded : [],
            .. names.Any(name => IntegerFormat.TryParse(name) is not null) ? Integers : [],
            .. BlockFormat.All.Where(format => names.Contains(format.Name, StringComparer.Ordinal))
                .Select(format => KeyValuePair.Create(format.Name, format.Summary)),
            .. Plain,
        ];
    }

    /// <summary>The words of how matrices are stored.</summary>
    /// <param name="forms">Such as <c>low-rank rank 64 int4-g64</c>.</param>
    internal static ImmutableArray<KeyValuePair<string, string>> ForForms(IEnumerable<string> forms) =>
        For(forms.SelectMany(form => form.Split(' ')));
}
