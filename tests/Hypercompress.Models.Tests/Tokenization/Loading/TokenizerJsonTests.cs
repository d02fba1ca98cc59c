using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Templates;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Tests.Tokenization.Loading;

public sealed class TokenizerJsonTests
{
    private const string Isolated = """{"type":"Split","pattern":{"Regex":"-"},"behavior":"Isolated","invert":false}""";

    [Theory]
    [InlineData("Isolated", false, "a|-|-|b|-|c|-")]
    [InlineData("Removed", false, "a|b|c")]
    [InlineData("Removed", true, "-|-|-|-")]
    [InlineData("MergedWithPrevious", false, "a-|-|b-|c-")]
    [InlineData("MergedWithNext", false, "a|-|-b|-c|-")]
    [InlineData("Contiguous", false, "a|--|b|-|c|-")]
    public void Encode_Split_FollowsTheBehavior(string behavior, bool invert, string expected)
    {
        string split = Isolated.Replace("Isolated", behavior).Replace("false", invert ? "true" : "false");
        Assert.Equal(expected, Pieces("a--b-c-", split));
        Assert.Equal(expected, Pieces("a--b-c-", split.Replace("Regex", "String")));
    }

    [Theory]
    [InlineData("""{"type":"Digits","individual_digits":true}""", "ab12c٣½", "ab|1|2|c|٣|½")]
    [InlineData("""{"type":"Digits","individual_digits":false}""", "ab12c٣½", "ab|12|c|٣½")]
    [InlineData("""{"type":"Whitespace"}""", "it's a_b  c!?", "it|'|s|a_b|c|!?")]
    [InlineData("""{"type":"WhitespaceSplit"}""", " it's\u00A0a\u2028b ", "it's|a|b")]
    [InlineData("""{"type":"Punctuation"}""", "a,b$c—d", "a|,|b|$|c|—|d")]
    [InlineData("""{"type":"BertPreTokenizer"}""", "a b,c", "a|b|,|c")]
    [InlineData("""{"type":"Metaspace","replacement":"_","prepend_scheme":"always","split":true}""", "a b", "_a|_b")]
    [InlineData("""{"type":"Metaspace","replacement":"_","prepend_scheme":"never","split":false}""", "a b", "a_b")]
    [InlineData("""{"type":"Metaspace","replacement":"_","add_prefix_space":false}""", "a b", "a|_b")]
    [InlineData("""{"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},{"type":"Punctuation"}]}""",
        "a b,c", "a|b|,|c")]
    public void Encode_PreTokenizer_CutsAsTheReferenceDoes(string preTokenizer, string text, string expected) =>
        Assert.Equal(expected, Pieces(text, preTokenizer));

    [Theory]
    [InlineData("Lu", "\U00010400")]
    [InlineData("Ll", "\U00010428")]
    [InlineData("Lo", "\U00020000")]
    [InlineData("Nd", "\U0001D7CE")]
    [InlineData("Mn", "\U000E0100")]
    [InlineData("So", "\U0001F600")]
    [InlineData("Po", "\U00010100")]
    [InlineData("No", "\U0001F100")]
    [InlineData("Sm", "\U0001D6C1")]
    public void Encode_RegexOnCharactersOutsideTheBasicPlane_MatchesByCategory(string category, string character)
    {
        string split = """{"type":"Split","pattern":{"Regex":"\\p{XX}"},"behavior":"Isolated"}"""
            .Replace("XX", category);
        Assert.Equal($"z|{character}|z|{character}|z", Pieces($"z{character}z{character}z", split));
        Assert.Equal($"z{character}z", Pieces($"z{character}z", split.Replace("\\\\p", "\\\\p{Cc}\\\\p")));
    }

    [Fact]
    public void Encode_PossessiveQuantifiers_AreAtomic()
    {
        string split = """{"type":"Split","pattern":{"Regex":"(?:b|[^a]?+)a++|c"},"behavior":"Isolated"}""";
        Assert.Equal("baa|c|xa", Pieces("baacxa", split));
    }

    [Theory]
    [InlineData("""{"type":"NFD"}""", "é", "e\u0301")]
    [InlineData("""{"type":"NFKC"}""", "ﬁ\uFFFE½", "fi\uFFFE1⁄2")]
    [InlineData("""{"type":"Lowercase"}""", "ÀİX", "ài\u0307x")]
    [InlineData("""{"type":"Strip","strip_left":true,"strip_right":false}""", " a ", "a ")]
    [InlineData("""{"type":"Sequence","normalizers":[{"type":"NFD"},{"type":"StripAccents"}]}""", "Áé", "Ae")]
    [InlineData("""{"type":"Replace","pattern":{"Regex":"a+"},"content":"$0"}""", "xaay", "x$0y")]
    [InlineData("""{"type":"BertNormalizer","clean_text":true,"strip_accents":null,"lowercase":true}""",
        "É\t你", "e  你 ")]
    public void Encode_Normalizer_RewritesTheText(string normalizer, string text, string expected) =>
        Assert.Equal(expected, Pieces(text, null, normalizer));

    [Fact]
    public void Encode_AddedTokens_FollowTheirFlags()
    {
        var tokenizer = Build("""
            [{"id":900,"content":"<a>","special":true,"normalized":false},
             {"id":901,"content":"<a>b","special":false,"normalized":false},
             {"id":902,"content":"<l>","special":true,"lstrip":true,"normalized":false},
             {"id":903,"content":"<r>","special":true,"rstrip":true,"normalized":false},
             {"id":904,"content":"one","special":false,"single_word":true,"normalized":false},
             {"id":905,"content":"BIG","special":false,"normalized":true}]
            """, normalizer: """{"type":"Lowercase"}""");

        Assert.Equal([901, 900], tokenizer.Encode("<a>b<a>"));
        Assert.Equal("x|902|y", Show(tokenizer, "x  <l>y"));
        Assert.Equal("x|903|y", Show(tokenizer, "x<r>  y"));
        Assert.Equal("904|,|904", Show(tokenizer, "one,one"));
        Assert.Equal("ones", Show(tokenizer, "ones"));
        // Looked for after normalisation, in normalised form.
        Assert.Equal("905|x|905", Show(tokenizer, "Bigxbig"));
        Assert.Equal("<A>", Show(tokenizer, "<A>").ToUpperInvariant());
        Assert.Equal(906, tokenizer.VocabularySize);
        Assert.Equal("<a>b", tokenizer.Decode([900, 901], skipSpecialTokens: true)[^4..]);
    }

    [Fact]
    public void Encode_MetaspaceFirst_PrependsOnlyWhereTheInputStarts()
    {
        var tokenizer = Build(
            """[{"id":900,"content":"<a>","special":true,"normalized":false}]""",
            """{"type":"Metaspace","replacement":"_","prepend_scheme":"first","split":true}""");
        Assert.Equal("_x|_y|900|z", Show(tokenizer, "x y<a>z"));
    }

    [Theory]
    [InlineData(true, new[] { 1, 0, 1 })]
    [InlineData(false, new[] { 1, 0, 0, 1 })]
    public void Encode_UnknownCharacters_AreFusedOnRequest(bool fuse, int[] expected)
    {
        var model = new JsonObject
        {
            ["type"] = "BPE",
            ["unk_token"] = "?",
            ["fuse_unk"] = fuse,
            ["merges"] = new JsonArray(),
            ["vocab"] = new JsonObject { ["?"] = 0, ["a"] = 1 },
        };
        Assert.Equal(expected, Parse(new JsonObject { ["model"] = model }).Encode("axya"));
    }

    [Fact]
    public void Encode_ByteFallback_NeedsEveryByteOfTheCharacter()
    {
        var vocabulary = new JsonObject { ["?"] = 0, ["a"] = 1, ["<0xC3>"] = 2, ["<0xA9>"] = 3 };
        var model = new JsonObject
        {
            ["type"] = "BPE",
            ["unk_token"] = "?",
            ["byte_fallback"] = true,
            ["merges"] = new JsonArray(),
            ["vocab"] = vocabulary,
        };
        var decoder = JsonNode.Parse("""{"type":"ByteFallback"}""");
        var tokenizer = Parse(new JsonObject { ["model"] = model, ["decoder"] = decoder });
        Assert.Equal([1, 2, 3, 0], tokenizer.Encode("aéü"));
        Assert.Equal("aé", tokenizer.Decode([1, 2, 3]));
        Assert.Equal("a\uFFFDa", tokenizer.Decode([1, 3, 1]));
    }

    [Fact]
    public void Encode_RandomWordsInOnePiece_EqualsTheSlowestPossibleMerging()
    {
        string[] merges = ["a b", "ab a", "_ a", "b b", "_a b", "c _", "a a", "aa bb"];
        string[] tokens = ["a", "b", "c", "_", "d", "ab", "aba", "_a", "bb", "_ab", "c_", "aa", "aabb"];
        var vocabulary = new JsonObject(tokens.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id)));
        var model = new JsonObject
        {
            ["type"] = "BPE",
            ["merges"] = new JsonArray([.. merges.Select(merge => (JsonNode)merge)]),
            ["vocab"] = vocabulary,
        };
        var tokenizer = Parse(new JsonObject { ["model"] = model });
        Gen.Int[0, 4].List[0, 300].Sample(
            places =>
            {
                string text = string.Concat(places.Select(place => tokens[place]));
                Assert.Equal(MergeSlowly(text, merges), tokenizer.Encode(text).Select(id => tokenizer.TokenOf(id)!));
            },
            iter: 200);
    }

    [Fact]
    public void Encode_LoneSurrogate_IsTheReplacementCharacter() =>
        Assert.Equal(Pieces("a\uFFFDb", null), Pieces("a\uD800b", null));

    [Theory]
    [InlineData("""{"normalizer":{"type":"Odd"}}""", "'Odd'")]
    [InlineData("""{"normalizer":{"type":"Precompiled","precompiled_charsmap":"!"}}""", "base64")]
    [InlineData("""{"normalizer":{"type":"Precompiled","precompiled_charsmap":"CAAAAAAA"}}""", "trie takes 8")]
    [InlineData("""{"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"UnicodeScripts"}]}}""",
        "pretokenizers[0]")]
    [InlineData("""{"decoder":{"type":"CTC"}}""", "'CTC'")]
    [InlineData("""{"post_processor":{"type":"Odd"}}""", "'Odd'")]
    [InlineData("""{"model":{"type":"WordLevel"}}""", "'WordLevel'")]
    [InlineData("""{"model":{"type":"Unigram","vocab":[["a",0]],"unk_id":1}}""", "unk_id 1")]
    [InlineData("""{"model":{"type":"Unigram","vocab":[["a"]]}}""", "[token, score]")]
    [InlineData("""{"model":{"type":"WordPiece","vocab":{"a":0},"unk_token":"?"}}""", "unk_token '?'")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":-1},"merges":[]}}""", "-1")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":["a b"]}}""", "'a' + 'b'")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0}}}""", "'merges'")]
    [InlineData("""{"model":{"type":"BPE","vocab":[],"merges":[]}}""", "model.vocab")]
    [InlineData("""{"added_tokens":[{"id":1,"content":"x"},{"id":1,"content":"y"}]}""", "added_tokens[1]")]
    [InlineData("""{"pre_tokenizer":{"type":"Split","pattern":{"Regex":"[["},"behavior":"Isolated"}}""", "[[")]
    public void Parse_WhatIsNotSupportedOrMalformed_IsNamed(string overrides, string part)
    {
        var document = Document();
        foreach (var (key, value) in JsonNode.Parse(overrides)!.AsObject().ToArray())
        {
            document[key] = value!.DeepClone();
        }

        var error = Assert.Throws<CheckpointException>(() => Parse(document));
        Assert.Contains("t.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"model\":")]
    [InlineData("{\"model\":7}")]
    public void Parse_Garbage_IsACheckpointError(string json) => Assert.Throws<CheckpointException>(
        () => TokenizerJson.Parse(System.Text.Encoding.UTF8.GetBytes(json), "t.json"));

    [Fact]
    public void Load_MissingFile_IsACheckpointError() => Assert.Throws<CheckpointException>(
        () => TokenizerJson.Load(Path.Combine(Path.GetTempPath(), "absent", "tokenizer.json")));

    [Fact]
    public void Parse_LlamaClassWithFlags_ReplacesThePostProcessor()
    {
        var settings = new TokenizerSettings
        {
            TokenizerClass = "LlamaTokenizer",
            BosToken = "a",
            EosToken = "b",
            AddBosToken = false,
            AddEosToken = true,
        };
        var document = Document();
        document["post_processor"] = JsonNode.Parse("""
            {"type":"TemplateProcessing",
             "single":[{"SpecialToken":{"id":"c","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
             "special_tokens":{"c":{"id":"c","ids":[2],"tokens":["c"]}}}
            """);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(document);
        var plain = TokenizerJson.Parse(json, "t.json");
        var llama = TokenizerJson.Parse(json, "t.json", settings);

        Assert.Equal([2, .. plain.Encode("x", false)], plain.Encode("x"));
        Assert.Equal([.. plain.Encode("x", false), llama.EosTokenId!.Value], llama.Encode("x"));
        Assert.Equal(plain.IdOf("a"), llama.BosTokenId);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Qwen2Tokenizer")]
    [InlineData("PreTrainedTokenizerFast")]
    [InlineData("TokenizersBackend")]
    [InlineData("LlamaTokenizerFast")]
    public void Encode_FlagsOfAnyClass_ReplaceThePostProcessor(string? tokenizerClass)
    {
        var document = Document();
        document["post_processor"] = JsonNode.Parse("""
            {"type":"TemplateProcessing",
             "single":[{"SpecialToken":{"id":"c","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
             "special_tokens":{"c":{"id":"c","ids":[2],"tokens":["c"]}}}
            """);
        var named = new TokenizerSettings { TokenizerClass = tokenizerClass, BosToken = "a", EosToken = "b" };

        TokenizerJson With(TokenizerSettings settings) =>
            TokenizerJson.Parse(JsonSerializer.SerializeToUtf8Bytes(document), "t.json", settings);

        var silent = With(named);
        int bos = silent.BosTokenId!.Value;
        int eos = silent.EosTokenId!.Value;
        int[] text = silent.Encode("x", false);
        Assert.Equal([2, .. text], silent.Encode("x"));
        Assert.Equal([bos, .. text, eos], With(named with { AddBosToken = true, AddEosToken = true }).Encode("x"));
        Assert.Equal([bos, .. text], With(named with { AddBosToken = true }).Encode("x"));
        Assert.Equal(text, With(named with { AddBosToken = false }).Encode("x"));
        Assert.Equal(text, With(named with { AddBosToken = true, BosToken = null }).Encode("x"));
        var missing = Assert.Throws<CheckpointException>(
            () => With(named with { AddBosToken = true, BosToken = "<bos>" }));
        Assert.Contains("'<bos>'", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EncodePrompt_PromptWithBos_GetsNoSecondOne()
    {
        var settings = new TokenizerSettings { BosToken = "a", EosToken = "b", AddBosToken = true, AddEosToken = true };
        ITokenizer tokenizer = TokenizerJson.Parse(JsonSerializer.SerializeToUtf8Bytes(Document()), "t.json", settings);

        Assert.Equal(tokenizer.Encode("ax", addSpecialTokens: false), tokenizer.EncodePrompt("ax"));
        Assert.Equal(tokenizer.Encode("xa"), tokenizer.EncodePrompt("xa"));
        Assert.Equal(tokenizer.Encode(""), tokenizer.EncodePrompt(""));
        Assert.Equal(tokenizer.BosTokenId, tokenizer.EncodePrompt("xa")[0]);
    }

    [Fact]
    public void Settings_TokensAsObjectsAndNamedTemplates_AreRead()
    {
        byte[] json = """
            {"bos_token":{"content":"<s>"},"eos_token":"</s>","pad_token":null,
             "chat_template":[{"name":"tool","template":"T"},{"name":"default","template":"D"}]}
            """u8.ToArray();
        var settings = TokenizerSettings.Parse(json, "c.json");
        Assert.Equal(("<s>", "</s>"), (settings.BosToken, settings.EosToken));
        Assert.Equal((null, "D"), (settings.PadToken, settings.ChatTemplate));
    }

    [Fact]
    public void Encode_TinyStories_GivesTheReferencePrompt()
    {
        var tokenizer = TokenizerJson.Load(SharedFiles.Require("models/tinystories-656k-hf"));
        using var golden = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Require("golden/golden.json")));
        var expected = golden.RootElement.GetProperty("tinystories-656k");
        int[] greedy = [.. expected.GetProperty("greedy_ids").EnumerateArray().Select(id => id.GetInt32())];
        int[] prompt = [.. expected.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];

        Assert.Equal(prompt, tokenizer.Encode(expected.GetProperty("prompt").GetString()!));
        string text = expected.GetProperty("greedy_text").GetString()!;
        Assert.Equal(text, tokenizer.Decode(greedy, skipSpecialTokens: true));
        Assert.Equal((1, 2), (tokenizer.BosTokenId, tokenizer.EosTokenId));
    }

    private static string[] MergeSlowly(string text, string[] merges)
    {
        var symbols = text.Select(unit => unit.ToString()).ToList();
        while (true)
        {
            var best = Enumerable.Range(0, Math.Max(0, symbols.Count - 1))
                .Select(at => (Rank: Array.IndexOf(merges, $"{symbols[at]} {symbols[at + 1]}"), At: at))
                .Where(pair => pair.Rank >= 0).Order().FirstOrDefault((-1, -1));
            if (best.Item1 < 0)
            {
                return [.. symbols];
            }

            symbols[best.Item2] += symbols[best.Item2 + 1];
            symbols.RemoveAt(best.Item2 + 1);
        }
    }

    private static string Pieces(string text, string? preTokenizer, string? normalizer = null)
    {
        const string Results = "abcdefghijklmnopqrstuvwxyzàAe\u0301\u030712⁄$0";
        return Show(Build("[]", preTokenizer, normalizer, text + (normalizer is null ? "" : Results)), text);
    }

    /// <summary>Symbols that go on in a piece carry a mark, so the pieces can be read off.</summary>
    private static string Show(TokenizerJson tokenizer, string text)
    {
        var shown = tokenizer.Encode(text).Select(id => id >= 900 && id < 1000 ? $"|{id}" : tokenizer.TokenOf(id)!)
            .Select(token => token.StartsWith('§') ? token[1..] : "|" + token.TrimStart('|'));
        return string.Concat(shown).TrimStart('|');
    }

    private static TokenizerJson Build(
        string added, string? preTokenizer = null, string? normalizer = null, string characters = "")
    {
        var document = Document(characters);
        document["added_tokens"] = JsonNode.Parse(added);
        document["pre_tokenizer"] = preTokenizer is null ? null : JsonNode.Parse(preTokenizer);
        document["normalizer"] = normalizer is null ? null : JsonNode.Parse(normalizer);
        return Parse(document);
    }

    private static JsonObject Document(string characters = "")
    {
        var vocabulary = new JsonObject();
        string all = " abc,_<>-xyzlrones" + characters + "\uFFFD";
        foreach (string symbol in all.EnumerateRunes().Select(rune => rune.ToString()).Distinct())
        {
            vocabulary[symbol] = vocabulary.Count;
            vocabulary["§" + symbol] = vocabulary.Count;
        }

        return new JsonObject
        {
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray(),
                ["continuing_subword_prefix"] = "§",
            },
        };
    }

    private static TokenizerJson Parse(JsonObject document) =>
        TokenizerJson.Parse(JsonSerializer.SerializeToUtf8Bytes(document), "t.json");
}
