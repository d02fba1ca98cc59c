using System.Text;
using System.Text.Json;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tests.Tokenization.SentencePiece;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Tokenization.Loading;
using Hypercompress.Models.Tokenization.SentencePiece;

namespace Hypercompress.Models.Tests.Tokenization.Loading;

public sealed class TokenizerFileSetTests
{
    private const string Vocabulary = """{"a":0,"b":1,"Ġ":2,"Ġa":3,"ab":4,"<|endoftext|>":5,"<s>":6,"</s>":7}""";

    [Fact]
    public void Create_Gpt2Folder_GivesTheReferenceIdsAndTexts()
    {
        string folder = SharedFiles.Require("tokenizers/gpt2");
        var tokenizer = TokenizerFileSet.Create(TokenizerFileSet.ReadFolder(folder), folder)!;
        using var golden = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Require("golden/tokenizers.json")));
        var texts = golden.RootElement.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!);
        var entry = golden.RootElement.GetProperty("tokenizers").GetProperty("gpt2");
        Assert.Equal(entry.GetProperty("vocab_size").GetInt32(), tokenizer.VocabularySize);
        int count = 0;
        foreach (var (text, expected) in texts.Zip(entry.GetProperty("cases").EnumerateArray()))
        {
            count++;
            int[] ids = [.. expected.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
            int[] special = [.. expected.GetProperty("ids_special").EnumerateArray().Select(id => id.GetInt32())];
            Assert.Equal(ids, tokenizer.Encode(text, addSpecialTokens: false));
            Assert.Equal(special, tokenizer.Encode(text));
            Assert.Equal(expected.GetProperty("decoded").GetString(), tokenizer.Decode(ids));
            Assert.Equal(expected.GetProperty("decoded_skip").GetString(), tokenizer.Decode(ids, true));
        }

        Assert.Equal(60, count);
        Assert.Equal(50256, tokenizer.EosTokenId);
    }

    [Theory]
    [InlineData("{}", new[] { 4, 3, 5 })]
    [InlineData("""{"tokenizer_class":"GPT2Tokenizer","add_prefix_space":true}""", new[] { 3, 1, 3, 5 })]
    [InlineData("""{"add_bos_token":true}""", new[] { 5, 4, 3, 5 })]
    [InlineData("""{"tokenizer_class":"RobertaTokenizerFast"}""", new[] { 6, 4, 3, 7 })]
    public void Create_VocabularyAndMerges_FollowTheClass(string config, int[] expected)
    {
        var tokenizer =
            Create(("vocab.json", Vocabulary), ("merges.txt", "#version: 0.2\nĠ a\na b\n"),
            ("tokenizer_config.json", config));
        string end = expected[^1] == 7 ? "" : "<|endoftext|>";
        Assert.Equal(expected, tokenizer!.Encode("ab a" + end));
    }

    [Fact]
    public void Create_AddedTokens_AreRecognised()
    {
        (string, string)[] files = [("vocab.json", Vocabulary), ("merges.txt", "a b\r\n")];
        var listed = Create([.. files, ("added_tokens.json", """{"<tool>":9}"""), ("special_tokens_map.json", """{"additional_special_tokens":["<tool>"]}""")]);
        var decoded = Create([.. files, ("tokenizer_config.json", """{"added_tokens_decoder":{"9":{"content":"<tool>","special":true}}}""")]);
        Assert.Equal([4, 9, 4], listed!.Encode("ab<tool>ab"));
        Assert.Equal([4, 9, 4], decoded!.Encode("ab<tool>ab"));
        Assert.Equal("abab", decoded.Decode([4, 9, 4], skipSpecialTokens: true));
        Assert.Equal(10, decoded.VocabularySize);
    }

    [Fact]
    public void Create_VocabularyText_IsBert()
    {
        var tokenizer = Create(("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nplay\n##ing\n"));
        Assert.Equal([2, 5, 6, 4, 1, 3], tokenizer!.Encode("Playing [MASK] on"));
        var cased = Create(("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nplay\n"), ("tokenizer_config.json", """{"do_lower_case":false}"""));
        Assert.Equal([2, 1, 5, 3], cased!.Encode("Play play"));
    }

    [Fact]
    public void Create_SeveralSources_TakesTheFirst()
    {
        byte[] model = new SentencePieceBytes().Piece("<unk>", 0, 2).Piece("a").Make();
        var files = new Dictionary<string, byte[]>
        {
            ["vocab.json"] = Encoding.UTF8.GetBytes(Vocabulary),
            ["merges.txt"] = [],
        };
        Assert.Equal(8, TokenizerFileSet.Create(files, "m")!.VocabularySize);
        files["tokenizer.model"] = model;
        Assert.IsType<SentencePieceTokenizer>(TokenizerFileSet.Create(files, "m"));
        files["tokenizer.json"] = """{"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}"""u8.ToArray();
        Assert.Equal(1, TokenizerFileSet.Create(files, "m")!.VocabularySize);
        Assert.Null(TokenizerFileSet.Create(new Dictionary<string, byte[]> { ["vocab.json"] = [] }, "m"));
    }

    [Theory]
    [InlineData("vocab.json", "[]", "vocab.json")]
    [InlineData("merges.txt", "a b c", "a b c")]
    [InlineData("merges.txt", "a q", "'a' + 'q'")]
    [InlineData("tokenizer_config.json", """{"tokenizer_class":"OddTokenizer"}""", "OddTokenizer")]
    [InlineData("tokenizer_config.json", """{"add_bos_token":true,"bos_token":"<q>"}""", "<q>")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder":{"x":{"content":"y"}}}""", "'x'")]
    [InlineData("added_tokens.json", """{"y":-1}""", "-1")]
    public void Create_Malformed_IsNamed(string name, string content, string part)
    {
        var files = new Dictionary<string, byte[]>
        {
            ["vocab.json"] = Encoding.UTF8.GetBytes(Vocabulary),
            ["merges.txt"] = "a b"u8.ToArray(),
            [name] = Encoding.UTF8.GetBytes(content),
        };
        var error = Assert.Throws<CheckpointException>(() => TokenizerFileSet.Create(files, "m"));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    private static ITokenizer? Create(params (string Name, string Content)[] files) => TokenizerFileSet.Create(
        files.ToDictionary(file => file.Name, file => Encoding.UTF8.GetBytes(file.Content)), "m");
}
