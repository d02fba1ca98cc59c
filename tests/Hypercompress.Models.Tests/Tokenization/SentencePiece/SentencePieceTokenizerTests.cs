using System.Text.Json;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Tokenization.SentencePiece;

namespace Hypercompress.Models.Tests.Tokenization.SentencePiece;

public sealed class SentencePieceTokenizerTests
{
    private const int Unigram = 1;
    private const int Bpe = 2;

    [Fact]
    public void Encode_Llama2_GivesSentencePieceIdsAndTexts()
    {
        string path = SharedFiles.Require("tokenizers/llama2/tokenizer.model");
        var tokenizer = SentencePieceTokenizer.Parse(File.ReadAllBytes(path), path);
        using var golden = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Require("golden/tokenizers.json")));
        var texts = golden.RootElement.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!);
        var entry = golden.RootElement.GetProperty("tokenizers").GetProperty("llama2");
        Assert.Equal(entry.GetProperty("vocab_size").GetInt32(), tokenizer.VocabularySize);
        int count = 0;
        foreach (var (text, expected) in texts.Zip(entry.GetProperty("cases").EnumerateArray()))
        {
            count++;
            Assert.Equal(Ids(expected, "ids"), tokenizer.Encode(text, addSpecialTokens: false));
            Assert.Equal(Ids(expected, "ids_special"), tokenizer.Encode(text));
            Assert.Equal(expected.GetProperty("decoded").GetString(), tokenizer.Decode(Ids(expected, "ids")));
            Assert.Equal(
                expected.GetProperty("decoded_special").GetString(), tokenizer.Decode(Ids(expected, "ids_special")));
        }

        Assert.Equal(60, count);
    }

    [Theory]
    [InlineData("ab", "_ab")]
    // -1.5 - 1.1 against -2.7: the piece; without the space before it, the letters.
    [InlineData("a b", "_a|_|b")]
    [InlineData("a  xx", "_a|_|?")]
    public void Encode_Unigram_TakesTheBestCut(string text, string expected) =>
        Assert.Equal(expected, Show(Parse(Model(Unigram)), text));

    [Theory]
    [InlineData("abab", "_ab|ab")]
    // Of equal scores the leftmost pair joins first.
    [InlineData("aab", "_a|ab")]
    [InlineData("xyb", "_|?|b")]
    public void Encode_Bpe_JoinsTheHighestScoreFirst(string text, string expected) =>
        Assert.Equal(expected, Show(Parse(Model(Bpe)), text));

    [Fact]
    public void Encode_UnusedPiece_IsTakenApart()
    {
        var model = Start(Bpe).Piece("\u2581").Piece("a").Piece("b").Piece("ab", -1, 5).Piece("abb", -2);
        Assert.Equal("_|a|b|abb", Show(Parse(model), "ababb"));
    }

    [Theory]
    [InlineData(Unigram)]
    [InlineData(Bpe)]
    public void Encode_UserDefinedPieces_StandWhereTheyStand(int type)
    {
        var model = Model(type).Piece("<tool>", 0, 4).Piece("ba", 0, 4);
        Assert.Equal("_a|<tool>|a", Show(Parse(model), "a<tool>a"));
        Assert.Equal("_a|ba|b", Show(Parse(model), "abab"));
    }

    [Theory]
    [InlineData(Unigram)]
    [InlineData(Bpe)]
    public void Encode_ByteFallback_GivesBytesAndBack(int type)
    {
        var tokenizer = Parse(Model(type).Bytes());
        int[] ids = tokenizer.Encode("aé🙂", addSpecialTokens: false);
        Assert.Equal("_a|<0xC3>|<0xA9>|<0xF0>|<0x9F>|<0x99>|<0x82>", Show(tokenizer, "aé🙂"));
        Assert.Equal("aé🙂", tokenizer.Decode(ids));
        Assert.Equal("a\uFFFD🙂", tokenizer.Decode([.. ids[..2], .. ids[3..]]));
    }

    [Theory]
    // add_dummy_prefix 3, remove_extra_whitespaces 4, escape_whitespaces 5
    [InlineData(3, 0, " a  b ", "a|_|b")]
    [InlineData(4, 0, " a  b ", "_|_a|_|_|b|_")]
    [InlineData(4, 1, " a  b ", "_a|_|b")]
    [InlineData(4, 1, "  ", "")]
    [InlineData(5, 0, "a b", "?|a|?|b")]
    public void Encode_Normalizer_TreatsSpacesAsTheModelSays(int field, ulong value, string text, string expected) =>
        Assert.Equal(expected, Show(Parse(Model(Unigram).Normalizer(field, value)), text));

    [Fact]
    public void Encode_WhitespaceAsSuffix_GoesToTheEnd() =>
        Assert.Equal("a|_|b|_", Show(Parse(Model(Unigram).Trainer(24, 1)), "a b"));

    [Fact]
    public void Encode_CharacterMap_ReplacesTheLongestRule()
    {
        byte[] map = CharacterMapBytes.Make(("é", "b"), ("x", " "), ("xx", "ab"), ("z", ""));
        Assert.Equal("_ab|ab|_|b", Show(Parse(Model(Unigram).CharacterMap(map)), "xxzxxxé"));
        // User-defined pieces are passed over.
        Assert.Equal("_|xx", Show(Parse(Model(Unigram).CharacterMap(map).Piece("xx", 0, 4)), "xx"));
    }

    [Fact]
    public void Encode_SettingsBesideTheModel_NameSpecialTokens()
    {
        byte[] model = Model(Bpe).Make();
        var settings = new TokenizerSettings
        {
            TokenizerClass = "LlamaTokenizer",
            BosToken = "<s>",
            EosToken = "</s>",
            AddEosToken = true,
            AddedTokens = [new AddedToken(40, "<x>", false, false, false, false, Special: false)],
        };
        var plain = SentencePieceTokenizer.Parse(model, "m");
        var named = SentencePieceTokenizer.Parse(model, "m", settings);

        Assert.Equal("_|?", Show(plain, "<s>"));
        Assert.Equal([1, 1, 40, .. plain.Encode("ab", false), 2], named.Encode("<s><x>ab"));
        Assert.Equal("<s><x>ab</s>", named.Decode([1, 40, .. plain.Encode("ab", false), 2]));
        Assert.Equal("<x>ab", named.Decode([1, 40, .. plain.Encode("ab", false), 2], skipSpecialTokens: true));
        Assert.Equal((1, 2, 41), (named.BosTokenId, named.EosTokenId, named.VocabularySize));
        var later = SentencePieceTokenizer.Parse(model, "m", settings with { Legacy = false, AddEosToken = false });
        Assert.Equal("_ab|<x>|ab", Show(later, "ab<x>ab"));
    }

    [Theory]
    [InlineData(3, "type word")]
    [InlineData(9, "type 9")]
    public void Parse_OtherModelTypes_AreNamed(int type, string part) =>
        AssertRefused(Start(type).Piece("a").Make(), part);

    [Fact]
    public void Parse_WhatIsNoModel_IsRefusedByName()
    {
        AssertRefused([], "0 pieces");
        AssertRefused("aGk= 0\n"u8.ToArray(), "tiktoken");
        AssertRefused(Start(Unigram).Piece("a").Piece("a").Make(), "piece 4 ('a') is there twice");
        AssertRefused(Start(Unigram).Piece("", 0).Make(), "is empty");
        AssertRefused(Start(Unigram).Piece("a", float.NaN).Make(), "score NaN");
        AssertRefused(Start(Unigram).Piece("a", 0, 7).Make(), "type 7");
        AssertRefused(Start(Unigram).Piece("<0x41>", 0, 6).Make(), "does not fall back");
        AssertRefused(Start(Unigram).Trainer(35, 1).Make(), "0 of 256");
        AssertRefused(new SentencePieceBytes().Piece("a").Make(), "0 pieces for what is unknown");
        AssertRefused(Start(Unigram).CharacterMap([1, 2, 3]).Make(), "precompiled_charsmap");
    }

    private static SentencePieceBytes Start(int type) => new SentencePieceBytes()
        .Piece("<unk>", 0, 2).Piece("<s>", 0, 3).Piece("</s>", 0, 3).Trainer(3, (ulong)type);

    private static SentencePieceBytes Model(int type) => Start(type)
        .Piece("\u2581", -1.5f).Piece("a", -2).Piece("b", -1.1f).Piece("\u2581a", -1.5f).Piece("ab", -1.4f)
        .Piece("\u2581ab", -1.6f);

    private static SentencePieceTokenizer Parse(SentencePieceBytes model) =>
        SentencePieceTokenizer.Parse(model.Make(), "t.model");

    private static string Show(SentencePieceTokenizer tokenizer, string text) => string.Join('|', tokenizer
        .Encode(text, addSpecialTokens: false)
        .Select(id => tokenizer.TokenOf(id)!.Replace('\u2581', '_').Replace("<unk>", "?", StringComparison.Ordinal)));

    private static void AssertRefused(byte[] model, string part)
    {
        var error = Assert.Throws<CheckpointException>(() => SentencePieceTokenizer.Parse(model, "t.model"));
        Assert.Contains("t.model", error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    private static int[] Ids(JsonElement element, string key) =>
        [.. element.GetProperty(key).EnumerateArray().Select(id => id.GetInt32())];
}
