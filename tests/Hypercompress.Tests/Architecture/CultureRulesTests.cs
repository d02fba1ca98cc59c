using System.Text.RegularExpressions;

namespace Hypercompress.Tests.Architecture;

/// <summary>What is written and sorted is the same in every culture.</summary>
public sealed partial class CultureRulesTests
{
    [Fact]
    public void FormattedNumbers_NameTheirCulture() =>
        Assert.Empty(SourceTree.Sources.SelectMany(FormatsWithoutCulture));

    [Fact]
    public void SortedDictionariesOfTexts_AreOrdinal() => Assert.Empty(
        from file in SourceTree.Sources
        from Match match in CulturalOrder().Matches(file.Text)
        select $"{file.Path} ({Line(file.Text, match.Index)}): {match.Value.Trim()}");

    [Theory]
    [InlineData("string Text(double x) => $\"{x:F2}\";", 1)]
    [InlineData(
        "string Text(double x) =>\n    string.Create(CultureInfo.InvariantCulture, $\"{x:F2} and {x:0.#}\");", 0)]
    [InlineData("/// <c>{x:F2}</c>", 0)]
    public void Formats_AreFound(string code, int breaches) =>
        Assert.Equal(breaches, FormatsWithoutCulture(new SourceFile("src/A.cs", code)).Count());

    [Theory]
    [InlineData("ImmutableSortedDictionary<string, double>.Empty.Add(\"a\", 1)", true)]
    [InlineData("ImmutableSortedDictionary<int, double>.Empty", false)]
    [InlineData("ImmutableSortedDictionary<string, int>.Empty.WithComparers(StringComparer.Ordinal)", false)]
    [InlineData("ImmutableSortedDictionary.Create<string, double>()", true)]
    [InlineData("ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal)", false)]
    public void CulturalOrder_IsFound(string code, bool isBreach) =>
        Assert.Equal(isBreach, CulturalOrder().IsMatch(code));

    // The statement that holds a format has to name a culture before it.
    private static IEnumerable<string> FormatsWithoutCulture(SourceFile file) =>
        from Match match in Format().Matches(file.Text)
        let line = file.Text.LastIndexOf('\n', match.Index) + 1
        where !file.Text.AsSpan(line).TrimStart().StartsWith("//", StringComparison.Ordinal)
        let start =
            new[] { ";\n", "{\n", "}\n" }.Max(end => file.Text.LastIndexOf(end, match.Index, StringComparison.Ordinal))
        where !file.Text[int.Max(start, 0)..match.Index].Contains("Culture", StringComparison.Ordinal)
        select $"{file.Path} ({Line(file.Text, match.Index)}): {match.Value}";

    private static int Line(string text, int position) => text.AsSpan(0, position).Count('\n') + 1;

    [GeneratedRegex(@"\{[^{}\n]*:(?:[FNPEGC]\d*|0[.#0]*)\}")]
    private static partial Regex Format();

    [GeneratedRegex(
        @"ImmutableSortedDictionary<string, [^\n]+?>\.Empty(?!\.WithComparers\()"
        + @"|ImmutableSortedDictionary\.Create(?:Builder)?<string, [^\n]+?>\(\)")]
    private static partial Regex CulturalOrder();
}
