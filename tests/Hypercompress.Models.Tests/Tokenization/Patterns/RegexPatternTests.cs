using System.Diagnostics;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Tokenization.Patterns;

namespace Hypercompress.Models.Tests.Tokenization.Patterns;

/// <summary>Regular expressions in Oniguruma's syntax: their matches, their errors and their limits.</summary>
public sealed class RegexPatternTests
{
    [Theory]
    [InlineData(@"(?=(\d{3})+(?!\d))", "1234567", "1+0 4+0")]
    [InlineData(@"a*", "baac", "0+0 1+2 4+0")]
    [InlineData(@"\s+$", "a \nb  ", "1+1 4+2")]
    [InlineData(@"^.", "a\nb\n", "0+1 2+1")]
    [InlineData(@"\p{N}{1,3}+", "1234567", "0+7")]
    [InlineData(@"\p{N}{1,3}", "1234567", "0+3 3+3 6+1")]
    [InlineData(@"\p{Han}+", "\u304b\u6f22\u5b57", "1+2")]
    [InlineData(@"[\p{L}&&[^\p{Han}]]+", "a\u6f22b", "0+1 2+1")]
    [InlineData(@"\h+", "xyz09fF", "3+4")]
    [InlineData(@"\X", "e\u0301a", "0+2 2+1")]
    [InlineData("[\U0001F600-\U0001F64F]", "a\U0001F642b", "1+2")]
    [InlineData(@"\x{1F642}", "a\U0001F642b", "1+2")]
    [InlineData(@"(?i)stra\x{DF}e", "STRASSE", "0+7")]
    [InlineData(@"(?<=a|bc)x", "ax bcx cx", "1+1 5+1")]
    [InlineData(@"(?<n>.)\k<n>", "abba", "1+2")]
    [InlineData(@"b\Ka", "ba", "1+1")]
    [InlineData(@"(?>a+)a", "aaa", "")]
    public void FindMatches_GivesStartAndLength(string pattern, string text, string expected)
    {
        var matches = Find(pattern, text);

        Assert.Equal(expected, string.Join(' ', matches.Select(match => $"{match.Start}+{match.Length}")));
    }

    [Theory]
    [InlineData("(?~ab)", "absent operator")]
    [InlineData("(?(1)a|b)", "condition")]
    [InlineData("(*FAIL)", "callout")]
    [InlineData(@"\g<n>(?<n>a)", "call of a group")]
    [InlineData(@"\y", "text segment boundaries")]
    [InlineData("(?s).", "group option 's'")]
    [InlineData("(?P<n>a)", "group option '<'")]
    [InlineData(@"\p{Klingon}", @"\p{Klingon}")]
    [InlineData("[[:foo:]]", "[:foo:]")]
    [InlineData("[]", "empty")]
    [InlineData("[a", "ends inside a character class")]
    [InlineData("[z-a]", "range")]
    [InlineData("(a", "not closed")]
    [InlineData("a)", "not opened")]
    [InlineData("*a", "nothing before it")]
    [InlineData("^*", "can not be repeated")]
    [InlineData("a{100001}", "more than 100000 times")]
    [InlineData(@"(a)\2", "the group 2")]
    [InlineData(@"\k<n>", "the group 'n'")]
    [InlineData(@"(?<n>a)\1", "by number")]
    [InlineData(@"\xE9", "UTF-8")]
    [InlineData(@"\x{110000}", "Unicode")]
    [InlineData("(?:(?:a|b){1000}){1000}", "repeated too often")]
    public void Create_WhatIsNotSupported_IsNamed(string pattern, string inMessage)
    {
        var problem = Assert.Throws<ArgumentException>(() => new RegexPattern(pattern, "tokenizer.json"));

        Assert.Contains(inMessage, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_NestedTooDeeply_IsRefused()
    {
        Refuse(new string('(', 500) + new string(')', 500), "nested more than");
        Refuse(new string('[', 500) + "a" + new string(']', 500), "nested more than");
        Refuse("a" + new string('*', 500), "quantifiers in a row");
        Refuse(string.Concat(Enumerable.Repeat("(?i)", 500)), "nested more than");
    }

    [Fact]
    public void Create_PatternOfManyWords_IsRefusedAtOnce()
    {
        string words = string.Join('|', Enumerable.Range(0, 200_000).Select(word => $"word{word}"));
        var clock = Stopwatch.StartNew();

        Refuse(words, "at most 65536 are supported");
        _ = new RegexPattern(words[..65_536], "tokenizer.json");

        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), $"took {clock.Elapsed}");
    }

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|aa)+$")]
    [InlineData(@"(.*)*\1c")]
    [InlineData("(?=(a+)+$)")]
    [InlineData("(?<=(a+)+c)b")]
    public void FindMatches_PatternThatBacktracksWithoutEnd_Fails(string pattern)
    {
        var clock = Stopwatch.StartNew();

        var problem = Assert.Throws<CheckpointException>(() => Find(pattern, new string('a', 60) + "b"));

        Assert.Contains("takes too long to match", problem.Message, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), $"took {clock.Elapsed}");
    }

    [Fact]
    public void FindMatches_ManyShortTexts_ShareOneBudget()
    {
        // Each of them alone stays below the limit.
        var pattern = new RegexPattern("(a+)+$", "tokenizer.json");
        string text = new string('a', 18) + "b";
        var budget = new WorkBudget(500 * text.Length);
        pattern.FindMatches(text, [], new WorkBudget(text.Length));

        Assert.Throws<CheckpointException>(() =>
        {
            for (int i = 0; i < 500; i++)
            {
                pattern.FindMatches(text, [], budget);
            }
        });
    }

    private static void Refuse(string pattern, string inMessage)
    {
        var problem = Assert.Throws<ArgumentException>(() => new RegexPattern(pattern, "tokenizer.json"));
        Assert.Contains(inMessage, problem.Message, StringComparison.Ordinal);
    }

    private static List<TextRange> Find(string pattern, string text)
    {
        var matches = new List<TextRange>();
        new RegexPattern(pattern, "tokenizer.json").FindMatches(text, matches, new WorkBudget(text.Length));
        return matches;
    }
}
