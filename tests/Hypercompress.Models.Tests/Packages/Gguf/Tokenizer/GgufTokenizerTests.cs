using System.Text.Json;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages.Gguf.Tokenizer;
using Hypercompress.Models.Tokenization.Loading;
using Hypercompress.Models.Tokenization.SentencePiece;

namespace Hypercompress.Models.Tests.Packages.Gguf.Tokenizer;

public sealed class GgufTokenizerTests
{
    [Theory]
    [InlineData("gpt-2")]
    [InlineData("llama-spm")]
    [InlineData("phi-3")]
    public void Create_VocabularyFile_GivesTheIdsOfItsTestList(string name)
    {
        string path = SharedFiles.Require($"models/gguf-vocab/ggml-vocab-{name}.gguf");
        AssertTestList(GgufTokenizer.Create(GgufMetadata.ReadTokenizer(path), path), name);
    }

    [Theory]
    [InlineData("llama3", "llama-bpe")]
    [InlineData("qwen3", "qwen2")]
    public void Encode_HuggingFaceFile_GivesTheIdsOfTheSameVocabularysTestList(string folder, string name) =>
        AssertTestList(TokenizerJson.Load(SharedFiles.Require($"tokenizers/{folder}")), name);

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama-tied")]
    [InlineData("qwen2")]
    public void Create_ModelFile_EqualsTheTokenizerBesideIt(string name)
    {
        string path = SharedFiles.Require($"golden/arch/{name}/model-f32.gguf");
        var tokenizer = GgufTokenizer.Create(GgufMetadata.ReadTokenizer(path), path);
        string goldenPath = SharedFiles.Require($"golden/arch/{name}/tokenizer_golden.json");
        using var golden = JsonDocument.Parse(File.ReadAllBytes(goldenPath));
        foreach (var expected in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            string text = expected.GetProperty("text").GetString()!;
            Assert.Equal(Ids(expected, "ids"), tokenizer.Encode(text, addSpecialTokens: false));
            Assert.Equal(Ids(expected, "ids_special"), tokenizer.Encode(text));
            Assert.Equal(expected.GetProperty("decoded").GetString(), tokenizer.Decode(Ids(expected, "ids")));
        }
    }

    [Fact]
    public void Create_SmolLm2_SplitsDigitsAndEqualsTheReferenceElsewhere()
    {
        string path = SharedFiles.Require("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
        var data = GgufMetadata.ReadTokenizer(path);
        var tokenizer = GgufTokenizer.Create(data, path);
        using var golden = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Require("golden/tokenizers.json")));
        var texts = golden.RootElement.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!);
        var cases = golden.RootElement.GetProperty("tokenizers").GetProperty("smollm2").GetProperty("cases");
        int differing = 0;
        foreach (var (text, expected) in texts.Zip(cases.EnumerateArray()))
        {
            differing += Ids(expected, "ids").SequenceEqual(tokenizer.Encode(text)) ? 0 : 1;
            Assert.Equal(expected.GetProperty("decoded").GetString(), tokenizer.Decode(tokenizer.Encode(text)));
        }

        // The reference cuts no digits off: it differs where a sign like ½ follows a space.
        Assert.InRange(differing, 0, 1);
        Assert.Equal(49152, tokenizer.VocabularySize);
        Assert.Equal(data.Bos, tokenizer.BosTokenId);
        Assert.Equal(data.Eos, tokenizer.EosTokenId);
    }

    [Fact]
    public void Create_SmolLm2OnWikiText_DiffersFromTheFolderWhereTheGoldenSays()
    {
        string forward = SharedFiles.Require("golden/eval/smollm2_forward.json");
        using var golden = JsonDocument.Parse(File.ReadAllBytes(forward));
        var expected = golden.RootElement.GetProperty("digits_pretokenizer");
        string text = File.ReadAllText(SharedFiles.Require("data/wikitext2/wiki.test.raw"));
        string path = SharedFiles.Require("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");

        int[] digits = GgufTokenizer.Create(GgufMetadata.ReadTokenizer(path), path).Encode(text);
        int[] plain = TokenizerJson.Load(SharedFiles.Require("tokenizers/smollm2")).Encode(text);

        int at = expected.GetProperty("first_difference_at").GetInt32();
        Assert.Equal(expected.GetProperty("total_tokens").GetInt32(), plain.Length);
        Assert.Equal(at, plain.AsSpan().CommonPrefixLength(digits));
        int[] near = Ids(expected, "ids_tokenizer_json");
        int shift = Enumerable.Range(0, near.Length)
            .First(back => plain.AsSpan(at - back, near.Length).SequenceEqual(near));
        Assert.Equal(Ids(expected, "ids_digits"), digits.AsSpan(at - shift, near.Length).ToArray());
    }

    [Fact]
    public void Create_Bert_CutsWordsAndEnclosesThem()
    {
        string[] tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "\u2581play", "ing", "\u2581,", "\u2581e"];
        var data = Tiny("bert") with
        {
            Tokens = tokens,
            TokenTypes = [3, 2, 3, 3, 1, 1, 1, 1],
            Bos = 2,
            Unknown = 1,
            Padding = 0,
            Separator = 3,
        };
        var tokenizer = GgufTokenizer.Create(data, "m.gguf");

        Assert.Equal([2, 4, 5, 6, 7, 1, 3], tokenizer.Encode("Playing,\u00E9 x"));
        Assert.Equal("playing, e", tokenizer.Decode([4, 5, 6, 7]));
        var cased = GgufTokenizer.Create(data with { LowerCase = false }, "m.gguf");
        Assert.Equal([1, 6, 1], cased.Encode("Playing,\u00E9", addSpecialTokens: false));
    }

    [Fact]
    public void Create_T5_TakesTheBestCutAndEndsTheText()
    {
        string[] tokens = ["<pad>", "</s>", "<unk>", "\u2581", "\u2581a", "b", "\u2581ab", "a"];
        var data = Tiny("t5") with
        {
            Tokens = tokens,
            TokenTypes = [3, 3, 2, 1, 1, 1, 1, 1],
            Scores = [0, 0, 0, -2, -1.5f, -1, -3, -4],
        };
        var tokenizer = GgufTokenizer.Create(data, "m.gguf");

        Assert.Equal([4, 5, 4, 5, 1], tokenizer.Encode("ab  ab "));
        Assert.Equal([6, 3, 2, 1], GgufTokenizer.Create(
            data with { Scores = [0, 0, 0, -2, -1.5f, -1, -2.4f, -4] }, "m.gguf").Encode("ab xy"));
        Assert.Equal("ab b", tokenizer.Decode([4, 5, 3, 5]));
    }

    [Theory]
    [InlineData(null, "1234")]
    [InlineData("gpt-2", "1234")]
    [InlineData("default", "123|4")]
    [InlineData("llama-bpe", "123|4")]
    [InlineData("qwen2", "1|2|3|4")]
    [InlineData("smollm", "1|2|3|4")]
    [InlineData("olmo", "1234")]
    [InlineData("dbrx", "123|4")]
    [InlineData("tekken", "1|2|3|4")]
    public void Create_WordSplit_CutsDigitsAsItsNameSays(string? pre, string expected)
    {
        string[] tokens = ["1", "2", "3", "4", "12", "123", "1234"];
        var data = Tiny("gpt2") with { Pre = pre, Tokens = tokens, Merges = ["1 2", "12 3", "123 4"], AddBos = false };
        var tokenizer = GgufTokenizer.Create(data, "m.gguf");
        Assert.Equal(expected, string.Join('|', tokenizer.Encode("1234").Select(id => tokenizer.TokenOf(id))));
    }

    [Fact]
    public void Create_SentencePieceScores_GivesSentencePieceIds()
    {
        string path = SharedFiles.Require("tokenizers/llama2/tokenizer.model");
        var model = SentencePieceReader.Read(File.ReadAllBytes(path), path);
        var data = Tiny("llama") with
        {
            Tokens = [.. model.Pieces.Select(piece => piece.Text)],
            Scores = [.. model.Pieces.Select(piece => piece.Score)],
            TokenTypes = [.. model.Pieces.Select(piece => (int)piece.Type)],
        };
        var tokenizer = GgufTokenizer.Create(data, path);
        using var golden = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Require("golden/tokenizers.json")));
        var texts = golden.RootElement.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!);
        var cases = golden.RootElement.GetProperty("tokenizers").GetProperty("llama2").GetProperty("cases");
        foreach (var (text, expected) in texts.Zip(cases.EnumerateArray()))
        {
            // SentencePiece knows no added tokens in text, and drops nothing of an empty text.
            if (!text.Contains("<s>", StringComparison.Ordinal))
            {
                Assert.Equal(Ids(expected, "ids"), tokenizer.Encode(text, addSpecialTokens: false));
                Assert.Equal(Ids(expected, "ids_special"), tokenizer.Encode(text));
                Assert.Equal(expected.GetProperty("decoded").GetString(), tokenizer.Decode(Ids(expected, "ids")));
            }
        }
    }

    [Fact]
    public void ToTokenizerJson_UnknownWordSplit_NamesIt()
    {
        var data = Tiny("gpt2") with { Pre = "brand-new", Merges = [] };
        var error = Assert.Throws<CheckpointException>(() => GgufTokenizer.ToTokenizerJson(data, "m.gguf"));
        Assert.Contains("m.gguf", error.Message, StringComparison.Ordinal);
        Assert.Contains("brand-new", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToTokenizerJson_OtherModel_NamesIt()
    {
        var error = Assert.Throws<CheckpointException>(() => GgufTokenizer.ToTokenizerJson(Tiny("rwkv"), "m.gguf"));
        Assert.Contains("'rwkv'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToTokenizerJson_IdOutsideTheVocabulary_Throws()
    {
        var data = Tiny("gpt2") with { Merges = [], Eos = 4 };
        var error = Assert.Throws<CheckpointException>(() => GgufTokenizer.ToTokenizerJson(data, "m.gguf"));
        Assert.Contains("eos_token_id is 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_TokenTypes_BecomeAddedTokens()
    {
        var data = Tiny("gpt2") with { TokenTypes = [1, 1, 3, 4], Merges = [], Eos = 2, AddEos = true };
        var tokenizer = GgufTokenizer.Create(data, "m.gguf");

        Assert.Equal([0, 2, 3, 1, 2], tokenizer.Encode("a<end><tool>b"));
        Assert.Equal("a<tool>b", tokenizer.Decode([0, 2, 3, 1, 2], skipSpecialTokens: true));
    }

    private static GgufTokenizerData Tiny(string model) => new(
        model, null, ["a", "b", "<end>", "<tool>"], null, null, null, null, null, null, null, null, null, null, null);

    private static void AssertTestList(TokenizerJson tokenizer, string name)
    {
        string list = SharedFiles.Require($"models/gguf-vocab/ggml-vocab-{name}.gguf.inp")[..^4];
        string[] texts = File.ReadAllText(list + ".inp").Split("\n__ggml_vocab_test__\n");
        string[] lines = File.ReadAllLines(list + ".out");
        for (int i = 0; i < lines.Length; i++)
        {
            int[] expected = [.. lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
            Assert.Equal(expected, tokenizer.Encode(texts[i], addSpecialTokens: false));
        }

        Assert.True(lines.Length > 40);
    }

    private static int[] Ids(JsonElement element, string key) =>
        [.. element.GetProperty(key).EnumerateArray().Select(id => id.GetInt32())];
}
