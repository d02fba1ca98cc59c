using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Tests.Tokenization;

/// <summary>The models beside BPE, on vocabularies small enough to follow by hand.</summary>
public sealed class TokenModelTests
{
    [Theory]
    [InlineData("unaffable", "un|##aff|##able")]
    [InlineData("unable", "un|##able")]
    // Longest first, even where that leads nowhere.
    [InlineData("unablest", "[UNK]")]
    [InlineData("able un", "[UNK]|un")]
    [InlineData("ununununun", "[UNK]")]
    public void WordPiece_LongestTokenFirst(string text, string expected)
    {
        var tokenizer = Parse("""
            {"pre_tokenizer":{"type":"WhitespaceSplit"},
             "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":9,
               "vocab":{"[UNK]":0,"un":1,"##aff":2,"##able":3,"##ab":4,"##un":5}}}
            """);
        Assert.Equal(expected, Show(tokenizer, text));
    }

    [Fact]
    public void WordPiece_Decoder_JoinsAndTightens()
    {
        var tokenizer = Parse("""
            {"decoder":{"type":"WordPiece","prefix":"##","cleanup":true},
             "model":{"type":"WordPiece","unk_token":"u","continuing_subword_prefix":"##","max_input_chars_per_word":9,
               "vocab":{"u":0,"it":1,"##s":2,"!":3}}}
            """);
        Assert.Equal("its! it", tokenizer.Decode([1, 2, 3, 1]));
    }

    [Theory]
    // -2 - 3 against -1 - 3.5
    [InlineData("abc", "a|bc")]
    [InlineData("ab", "ab")]
    // Unknown: -3.5 - 10 each, a run of them is one.
    [InlineData("xya", "?|a")]
    [InlineData("axxb", "a|?|b")]
    public void Unigram_BestSumOfScores(string text, string expected)
    {
        var tokenizer = Parse("""
            {"model":{"type":"Unigram","unk_id":0,
              "vocab":[["?",0],["a",-1],["b",-3.2],["c",-3],["ab",-2],["bc",-3.5]]}}
            """);
        Assert.Equal(expected, Show(tokenizer, text));
    }

    [Fact]
    public void Unigram_ByteFallback_NeedsEveryByteOfTheRun()
    {
        var tokenizer = Parse("""
            {"model":{"type":"Unigram","unk_id":0,"byte_fallback":true,
              "vocab":[["?",0],["a",-1],["<0xC3>",-9],["<0xA9>",-9]]}}
            """);
        Assert.Equal([1, 2, 3, 1, 0], tokenizer.Encode("aéaéü"));
    }

    [Fact]
    public void Unigram_WithoutUnknown_NamesWhatIsMissing()
    {
        var tokenizer = Parse("""{"model":{"type":"Unigram","vocab":[["a",-1]]}}""");
        var error = Assert.Throws<CheckpointException>(() => tokenizer.Encode("ab"));
        Assert.Contains("'b'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bpe_LargeIdsOfASmallFile_CostNothing()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var tokenizer = Parse("""{"model":{"type":"BPE","vocab":{"a":16777216},"merges":[]}}""");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        Assert.Equal([16777216], tokenizer.Encode("a"));
    }

    private static TokenizerJson Parse(string json) =>
        TokenizerJson.Parse(System.Text.Encoding.UTF8.GetBytes(JsonNode.Parse(json)!.ToJsonString()), "t.json");

    private static string Show(TokenizerJson tokenizer, string text) =>
        string.Join('|', tokenizer.Encode(text).Select(tokenizer.TokenOf));
}
