using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages.Gguf;
using Hypercompress.Models.Tests.Tokenization.SentencePiece;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Tests.Packages;

/// <summary>Tokenizers of all kinds, written to a GGUF file and read from there.</summary>
public sealed class GgufTokenizerExportTests : IDisposable
{
    private static readonly string[] Texts =
    [
        "", " ", "the cat", "  The  cat ", "playing, played!", "caf\u00e9 na\u00efve", "\u4e16\u754c cat", "\ufb01ne",
        "cat\tcat\ncat", "zzz", "a [MASK] cat",
    ];

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("llama2", "llama")]
    [InlineData("gpt2", "gpt2")]
    public void Write_OlderFiles_ReadsBackWithTheReferenceIds(string name, string kind)
    {
        IReadOnlyDictionary<string, byte[]> files =
            TokenizerFileSet.ReadFolder(SharedFiles.Require($"tokenizers/{name}"));
        ITokenizer own = TokenizerFileSet.Create(files, name)!;

        ITokenizer copy = WriteAndRead(files, own.VocabularySize, kind);

        using var golden = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Require("golden/tokenizers.json")));
        JsonElement[] texts = [.. golden.RootElement.GetProperty("texts").EnumerateArray()];
        JsonElement[] cases =
            [.. golden.RootElement.GetProperty("tokenizers").GetProperty(name).GetProperty("cases").EnumerateArray()];
        Assert.Equal(60, cases.Length);
        Assert.All(texts.Zip(cases), pair =>
        {
            string text = pair.First.GetString()!;
            // Text such as <s> is text for SentencePiece, and a token for all that read this format.
            if (kind == "gpt2" || !text.Contains("<s>", StringComparison.Ordinal)
                && !text.Contains("</s>", StringComparison.Ordinal))
            {
                Assert.Equal(
                    pair.Second.GetProperty("ids").EnumerateArray()
                    .Select(id => id.GetInt32()), copy.Encode(text, false));
                Assert.Equal(own.Encode(text), copy.Encode(text));
            }
        });
        Assert.Equal(own.EosTokenId, copy.EosTokenId);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 0)]
    [InlineData(0, 0)]
    public void Write_UnigramPieces_ReadsBackWithTheirIds(int addsSpace, int removesSpaces)
    {
        byte[] model = Unigram().Normalizer(3, (ulong)addsSpace).Normalizer(4, (ulong)removesSpaces)
            .CharacterMap(CharacterMapBytes.Make(("\ufb01", "fi"), ("\t", " "), ("\n", " "))).Make();
        var files = new Dictionary<string, byte[]>
        {
            ["tokenizer.model"] = model,
            ["tokenizer_config.json"] = """{"tokenizer_class": "T5Tokenizer"}"""u8.ToArray(),
        };

        CheckSame(files, "t5");
    }

    [Fact]
    public void Write_UnigramDocument_ReadsBackWithItsIds()
    {
        string map = Convert.ToBase64String(CharacterMapBytes.Make(
            ("\ufb01", "fi"), ("\t", " "), ("\n", " "), ("\r", " "), ("\u00a0", " ")));
        CheckSame(Files("tokenizer.json", $$$"""
            {
              "added_tokens": [{"id": 0, "content": "<unk>", "special": true}, {"id": 1, "content": "</s>", "special": true}],
              "normalizer": {"type": "Precompiled", "precompiled_charsmap": "{{{map}}}"},
              "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                {"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always"}]},
              "post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
                "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
                "special_tokens": { "</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"] } }
              },
              "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0], ["</s>", 0], ["\u2581", -2], ["\u2581the", -3], ["c", -4], ["a", -4.5],
                ["t", -4.25], ["\u2581cat", -5], ["fi", -6], ["n", -6], ["e", -6.5], ["z", -7], ["zz", -7.5], ["!", -8] ] }
            }
            """), "t5");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"do_lower_case": false}""")]
    public void Write_WordPiece_ReadsBackWithItsIds(string config)
    {
        var files = Files("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nplay\n##ing\n##ed\nthe\ncat\n,\n!\ncafe\nThe\n\u4e16\na\n##a\n##fe\nz\n##z\n#\n##\n");
        files["tokenizer_config.json"] = Encoding.UTF8.GetBytes(config);

        CheckSame(files, "bert");
    }

    [Fact]
    public void Write_VocabularyAndMergesWithAddedTokens_ReadsBackWithTheirIds()
    {
        var files = Files("vocab.json", """{"a":0,"b":1,"\u0120":2,"\u0120a":3,"ab":4,"<|endoftext|>":5}""");
        files["merges.txt"] = Encoding.UTF8.GetBytes("\u0120 a\na b\n");
        files["tokenizer_config.json"] = """{"added_tokens_decoder":{"7":{"content":"<tool>","special":true}}}"""u8.ToArray();

        ITokenizer copy = WriteAndRead(files, 9, "gpt2");

        Assert.Equal([4, 7, 4, 3, 5], copy.Encode("ab<tool>ab a<|endoftext|>"));
    }

    [Fact]
    public void Write_WhatTheFormatCanNotSay_IsRefused()
    {
        SentencePieceBytes Bpe() => Unigram().Trainer(3, 2).Bytes();
        RefuseFile(Bpe().Normalizer(4, 1).Make(), "takes spaces out");
        RefuseFile(Unigram().Trainer(3, 2).Normalizer(4, 0).Make(), "without bytes");
        RefuseFile(Unigram().Bytes().Make(), "with bytes");
        RefuseFile(Unigram().Normalizer(5, 0).Make(), "another way");
        RefuseFile(Unigram().Normalizer(3, 0).Normalizer(4, 1).Make(), "would get other ids");
        Refuse(Files("tokenizer.json", """
            {"model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
              "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "hello": 3, "Hello": 4, "world": 5}},
              "pre_tokenizer": {"type": "WhitespaceSplit"}}
            """), "would get other ids");
        Refuse(Files("tokenizer.json", """{"model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {"[UNK]": 0, "a": 1}}}"""), "begin and end");
    }

    [Theory]
    [InlineData("""{"type":"NFKC"}""", "normalizer 'NFKC'")]
    [InlineData("""{"type":"Lowercase"}""", "normalizer 'Lowercase'")]
    [InlineData("""{"type":"Sequence","normalizers":[{"type":"NFD"},{"type":"StripAccents"}]}""", "'StripAccents'")]
    [InlineData("""{"type":"Strip","strip_left":true,"strip_right":true}""", "normalizer 'Strip'")]
    [InlineData("""{"type":"Replace","pattern":{"String":"  "},"content":" "}""", "normalizer 'Replace'")]
    public void Data_NormalizerThatTheFormatCanNotHold_IsNamed(string normalizer, string inMessage) =>
        Refuse(ByteLevel(normalizer, "null", ""), inMessage);

    [Fact]
    public void Data_TwoTokensBeforeAText_AreNamed() => Refuse(ByteLevel("null", """
        {"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},
          {"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
          "special_tokens":{"<s>":{"id":"<s>","ids":[256],"tokens":["<s>"]}}}
        """, ""), "special tokens that it puts around");

    [Theory]
    [InlineData("lstrip")]
    [InlineData("rstrip")]
    [InlineData("single_word")]
    public void Data_AddedTokenWithFlag_IsTold(string flag)
    {
        var data = GgufTokenizerMetadata.Data(ByteLevel("null", "null", $",\"{flag}\":true"), 257)!;

        string note = Assert.Single(data.Notes);
        Assert.StartsWith("special token '<s>' cannot be reproduced", note, StringComparison.Ordinal);
        Assert.Contains($"no place for '{flag}'", note, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_PlainAddedToken_NeedsNoNote() =>
        Assert.Empty(GgufTokenizerMetadata.Data(ByteLevel("null", "null", ""), 257)!.Notes);

    private static Dictionary<string, byte[]> ByteLevel(string normalizer, string postProcessor, string flags)
    {
        string vocabulary = string.Join(',', Enumerable.Range(0, 256).Select(value =>
            $"{JsonSerializer.Serialize(ByteAlphabet.CharOf((byte)value).ToString())}:{value}"));
        return Files("tokenizer.json", $$$"""
            {
              "added_tokens": [{"id": 256, "content": "<s>", "special": true{{{flags}}}}],
              "normalizer": {{{normalizer}}},
              "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
              "post_processor": {{{postProcessor}}},
              "model": {"type": "BPE", "vocab": { {{{vocabulary}}} }, "merges": [] }
            }
            """);
    }

    private static SentencePieceBytes Unigram() => new SentencePieceBytes()
        .Piece("<unk>", 0, 2).Piece("<s>", 0, 3).Piece("</s>", 0, 3).Piece("\u2581", -2).Piece("\u2581the", -3)
            .Piece("c", -4).Piece("a", -4.5f)
        .Piece("t", -4.25f).Piece("\u2581cat", -5).Piece("fi", -6).Piece("n", -6).Piece("e", -6.5f).Piece("z", -7)
            .Piece("zz", -7.5f);

    private static Dictionary<string, byte[]> Files(string name, string content) =>
        new() { [name] = Encoding.UTF8.GetBytes(content) };

    private static void RefuseFile(byte[] model, string inMessage) =>
        Refuse(new Dictionary<string, byte[]> { ["tokenizer.model"] = model }, inMessage);

    private static void Refuse(Dictionary<string, byte[]> files, string inMessage)
    {
        int size = TokenizerFileSet.Create(files, "files")!.VocabularySize;
        ConfigurationException refusal =
            Assert.Throws<ConfigurationException>(() => GgufTokenizerMetadata.Data(files, size));
        Assert.Contains(inMessage, refusal.Message, StringComparison.Ordinal);
    }

    private void CheckSame(Dictionary<string, byte[]> files, string kind)
    {
        ITokenizer own = TokenizerFileSet.Create(files, "files")!;
        ITokenizer copy = WriteAndRead(files, own.VocabularySize + 2, kind);
        Assert.All(Texts, text => Assert.Equal(own.Encode(text), copy.Encode(text)));
    }

    private ITokenizer WriteAndRead(IReadOnlyDictionary<string, byte[]> files, int size, string kind)
    {
        string path = _folder.Of("tokenizer.gguf");
        GgufWriter.Write(
            path, [KeyValuePair.Create("general.architecture", (object)"llama"),
            .. GgufTokenizerMetadata.Make(GgufTokenizerMetadata.Data(files, size))], []);
        using GgufFile file = GgufFile.Open(path);
        Assert.Equal(kind, file.Metadata.FindString("tokenizer.ggml.model"));
        return TokenizerFileSet.Create(GgufSideFiles.Read(file.Metadata, path), path)!;
    }
}
