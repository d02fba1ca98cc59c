using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Tests.Tokenization.Reference;

/// <summary>Ids compared with those of Hugging Face's own library, over many texts.</summary>
public sealed class ReferenceComparisonTests
{
    private static readonly string[] Behaviors =
        ["Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous"];

    public static TheoryData<string> PatternNames => [.. PublishedPatterns.All.Select(pattern => pattern.Name)];

    [Theory]
    [MemberData(nameof(PatternNames))]
    public void Split_PublishedPattern_GivesTheIdsOfHuggingFace(string name) =>
        CheckSame(GeneratedTokenizer.Split(PublishedPatterns.All.First(pattern => pattern.Name == name).Pattern));

    [Theory]
    [InlineData(@"\s+|\p{N}{1,3}")]
    [InlineData(@"(?=(\d{3})+(?!\d))")]
    [InlineData(@"\p{L}*")]
    [InlineData(@"^|\s|$")]
    [InlineData(@"\b")]
    public void Split_AllBehaviors_GiveTheIdsOfHuggingFace(string pattern)
    {
        foreach (string behavior in Behaviors)
        {
            CheckSame(GeneratedTokenizer.Split(pattern, behavior));
            CheckSame(GeneratedTokenizer.Split(pattern, behavior, invert: true));
        }
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("")]
    [InlineData("a.")]
    [InlineData("\U0001F642")]
    public void Split_FixedText_GivesTheIdsOfHuggingFace(string text)
    {
        foreach (string behavior in Behaviors)
        {
            CheckSame(GeneratedTokenizer.Split(text, behavior, kind: "String"));
        }
    }

    [Theory]
    [InlineData("null", "first")]
    [InlineData("""{"type":"Strip","strip_left":true,"strip_right":true}""", "first")]
    [InlineData("""{"type":"Strip","strip_left":false,"strip_right":true}""", "first")]
    [InlineData("""{"type":"Replace","pattern":{"String":" "},"content":"_"}""", "first")]
    [InlineData("""{"type":"Replace","pattern":{"Regex":" {2}"},"content":"_"}""", "first")]
    [InlineData("""{"type":"Replace","pattern":{"String":"a"},"content":""}""", "first")]
    [InlineData("""{"type":"Replace","pattern":{"Regex":"\\s+"},"content":" "}""", "always")]
    [InlineData("""{"type":"Prepend","prepend":"x"}""", "first")]
    [InlineData("""{"type":"StripAccents"}""", "first")]
    [InlineData("""{"type":"NFKC"}""", "first")]
    [InlineData("""{"type":"NFD"}""", "first")]
    [InlineData("""{"type":"Nmt"}""", "first")]
    [InlineData("""{"type":"Lowercase"}""", "first")]
    [InlineData("""
        {"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true}
        """, "first")]
    [InlineData("""{"type":"Strip","strip_left":true,"strip_right":true}""", "always")]
    [InlineData("""{"type":"Strip","strip_left":true,"strip_right":true}""", "never")]
    public void Metaspace_AfterNormalizers_GivesTheIdsOfHuggingFace(string normalizer, string scheme)
    {
        foreach (bool split in new[] { true, false })
        {
            CheckSame(GeneratedTokenizer.With(JsonNode.Parse(normalizer), new JsonObject
            {
                ["type"] = "Metaspace",
                ["replacement"] = "\u2581",
                ["prepend_scheme"] = scheme,
                ["split"] = split,
            }));
        }
    }

    [Theory]
    [InlineData("Whitespace")]
    [InlineData("WhitespaceSplit")]
    [InlineData("BertPreTokenizer")]
    [InlineData("Punctuation")]
    [InlineData("Digits")]
    public void Sequence_WithMetaspaceFirst_GivesTheIdsOfHuggingFace(string first)
    {
        var before = new JsonObject { ["type"] = first };
        if (first == "Punctuation")
        {
            before["behavior"] = "Removed";
        }
        else if (first == "Digits")
        {
            before["individual_digits"] = true;
        }

        CheckSame(GeneratedTokenizer.With(null, new JsonObject
        {
            ["type"] = "Sequence",
            ["pretokenizers"] = new JsonArray(before, new JsonObject
            {
                ["type"] = "Metaspace",
                ["replacement"] = "\u2581",
                ["prepend_scheme"] = "first",
                ["split"] = true,
            }),
        }));
    }

    [Fact]
    public void AddedTokens_WithAllFlags_GiveTheIdsOfHuggingFace()
    {
        var added = new JsonArray();
        int id = 512;
        foreach (string flag in new[] { "none", "lstrip", "rstrip", "single_word", "normalized", "lstrip rstrip" })
        {
            added.Add(new JsonObject
            {
                ["id"] = id++,
                ["content"] = flag switch
                {
                    "none" => "Word",
                    "lstrip" => "camelCase",
                    "rstrip" => "333",
                    "single_word" => "22",
                    "normalized" => "WORD",
                    _ => "\u6f22",
                },
                ["single_word"] = flag == "single_word",
                ["lstrip"] = flag.Contains("lstrip", StringComparison.Ordinal),
                ["rstrip"] = flag.Contains("rstrip", StringComparison.Ordinal),
                ["normalized"] = flag == "normalized",
                ["special"] = flag != "normalized",
            });
        }

        CheckSame(GeneratedTokenizer.With(JsonNode.Parse("""{"type":"Lowercase"}"""), new JsonObject
        {
            ["type"] = "Metaspace",
            ["replacement"] = "\u2581",
            ["prepend_scheme"] = "first",
            ["split"] = true,
        }, added));
    }

    [Theory]
    [InlineData("llama3")]
    [InlineData("qwen3")]
    [InlineData("smollm2")]
    public void Encode_RealTokenizer_GivesTheIdsOfHuggingFace(string name) =>
        CheckSame(File.ReadAllBytes(SharedFiles.Require($"tokenizers/{name}/tokenizer.json")));

    private static void CheckSame(byte[] json)
    {
        using var reference = new ReferenceTokenizer(json);
        var own = TokenizerJson.Parse(json, "tokenizer.json");
        foreach (string text in ReferenceTexts.All)
        {
            int[] expected = reference.Encode(text);
            int[] actual = own.Encode(text);
            Assert.True(expected.AsSpan().SequenceEqual(actual), $"of {JsonSerializer.Serialize(text)}:\n"
                + $"expected {GeneratedTokenizer.Pieces(expected)}\nactual   {GeneratedTokenizer.Pieces(actual)}");
        }
    }
}
