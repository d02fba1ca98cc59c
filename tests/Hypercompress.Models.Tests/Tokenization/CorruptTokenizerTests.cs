using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages.Gguf;
using Hypercompress.Models.Tests.Checkpoints;
using Hypercompress.Models.Tests.Tokenization.SentencePiece;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Tests.Tokenization;

/// <summary>
/// Whatever is done to the files of a tokenizer, reading and using them ends in ids and texts or in a
/// <see cref="CheckpointException"/>, soon, and without much memory.
/// </summary>
public sealed class CorruptTokenizerTests
{
    // For every kind of file; its variants share them.
    private const int Iterations = 2000;
    private const uint Seed = 20251124;

    // Tables that every tokenizer has, and compiled expressions; far below what an unchecked number asks for.
    private const long ManagedAllowance = 16 << 20;
    private const string Text = " Ab\u00E9 <s>x\uFF21  12ab\n";

    private static readonly TimeSpan LongestCase = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("BPE")]
    [InlineData("Unigram")]
    [InlineData("WordPiece")]
    public void TokenizerJson_ValuesChanged_IsReadOrRefused(string model)
    {
        string document = Document(model);
        Check(
            JsonMutation.Changes,
            changes => JsonMutation.Apply(document, changes),
            bytes => One("tokenizer.json", bytes),
            Iterations / 3);
    }

    [Fact]
    public void TokenizerJson_BytesChanged_IsReadOrRefused() =>
        CheckBytes(Encoding.UTF8.GetBytes(Document("Unigram")), bytes => One("tokenizer.json", bytes), Iterations);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TokenizerModel_BytesChanged_IsReadOrRefused(int type) => CheckBytes(
        new SentencePieceBytes().Piece("<unk>", 0, 2).Piece("<s>", 0, 3).Piece("</s>", 0, 3).Piece("\u2581", -2)
            .Piece("a", -2).Piece("b", -1.1f).Piece("ab", -1.4f).Piece("\u2581a", -1.5f, 5).Piece("x", 0, 4)
            .CharacterMap(CharacterMapBytes.Make(("é", "ab"), ("\n", " ")))
            .Trainer(3, (ulong)type).Bytes().Make(),
        bytes => One("tokenizer.model", bytes),
        Iterations / 2);

    [Fact]
    public void VocabularyAndMerges_BytesChanged_AreReadOrRefused()
    {
        byte[] vocabulary = """{"a":0,"b":1,"Ġ":2,"Ġa":3,"ab":4,"<|endoftext|>":5,"1":6}"""u8.ToArray();
        byte[] merges = "#version: 0.2\nĠ a\na b\n"u8.ToArray();
        byte[] config = """{"tokenizer_class":"Qwen2Tokenizer","add_bos_token":false,"added_tokens_decoder":{"9":{"content":"<s>"}}}"""u8.ToArray();
        byte[] whole = [.. vocabulary, .. merges, .. config];
        CheckBytes(whole, bytes => new Dictionary<string, byte[]>
        {
            ["vocab.json"] = bytes[..Math.Min(bytes.Length, vocabulary.Length)],
            ["merges.txt"] =
                bytes[Math.Min(bytes.Length, vocabulary.Length)..Math.Min(
                bytes.Length, vocabulary.Length + merges.Length)],
            ["tokenizer_config.json"] = bytes[Math.Min(bytes.Length, vocabulary.Length + merges.Length)..],
        }, Iterations);
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    [InlineData("bert")]
    [InlineData("t5")]
    public void GgufMetadata_BytesChanged_IsReadOrRefused(string model)
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Of("t.gguf");
        CheckBytes(GgufFileBytes(model), bytes =>
        {
            File.WriteAllBytes(path, bytes);
            using var file = GgufFile.Open(path);
            return GgufSideFiles.Read(file.Metadata, path);
        }, Iterations / 4);
    }

    private static byte[] GgufFileBytes(string model)
    {
        string[] tokens = ["<s>", "</s>", "<unk>", "a", "b", "ab", "\u2581", "\u2581a", "é", "Ġ"];
        static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
        static byte[] Integers(params int[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
        byte[] map = CharacterMapBytes.Make(("x", "a"));
        return new GgufBytes()
            .Pair("tokenizer.ggml.model", model)
            .Pair("tokenizer.ggml.pre", "qwen2")
            .Pair("tokenizer.ggml.tokens", 9,
                GgufBytes.List(8, (ulong)tokens.Length, [.. tokens.SelectMany(GgufBytes.Text)]))
            .Pair("tokenizer.ggml.scores", 9, GgufBytes.List(6, 10, Floats(0, 0, 0, -1, -2, -3, -4, -5, -6, -7)))
            .Pair("tokenizer.ggml.token_type", 9, GgufBytes.List(5, 10, Integers(3, 3, 2, 1, 1, 1, 1, 1, 4, 1)))
            .Pair("tokenizer.ggml.merges", 9, GgufBytes.List(8, 1, GgufBytes.Text("a b")))
            .Pair("tokenizer.ggml.bos_token_id", 4, 0, 0, 0, 0)
            .Pair("tokenizer.ggml.eos_token_id", 4, 1, 0, 0, 0)
            .Pair("tokenizer.ggml.unknown_token_id", 4, 2, 0, 0, 0)
            .Pair("tokenizer.ggml.seperator_token_id", 4, 1, 0, 0, 0)
            .Pair("tokenizer.ggml.add_bos_token", 7, 1)
            .Pair("tokenizer.ggml.precompiled_charsmap", 9, GgufBytes.List(0, (ulong)map.Length, map))
            .Make();
    }

    private static string Document(string model)
    {
        byte[] map = CharacterMapBytes.Make(("\uFF21", "A"));
        var document = JsonNode.Parse("""
            {"added_tokens":[{"id":5,"content":"<s>","special":true,"normalized":false},{"id":6,"content":"x","single_word":true,"lstrip":true}],
             "normalizer":{"type":"Sequence","normalizers":[{"type":"Precompiled"},{"type":"NFKC"},{"type":"Lowercase"},{"type":"StripAccents"},
               {"type":"Replace","pattern":{"Regex":" {2,}"},"content":"▁"},{"type":"Prepend","prepend":"▁"},{"type":"Strip","strip_left":true,"strip_right":false}]},
             "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"\\s+|(?i:b)++"},"behavior":"MergedWithNext","invert":false},
               {"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":true},{"type":"Digits","individual_digits":true},{"type":"Punctuation"}]},
             "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>"}},{"Sequence":{"id":"A"}}],
               "special_tokens":{"<s>":{"id":"<s>","ids":[5],"tokens":["<s>"]}}},
             "decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},
               {"type":"Strip","content":" ","start":1,"stop":0}]}}
            """)!;
        document["normalizer"]!["normalizers"]![0]!["precompiled_charsmap"] = Convert.ToBase64String(map);
        document["model"] = JsonNode.Parse(model switch
        {
            "BPE" => """{"type":"BPE","unk_token":"a","byte_fallback":true,"fuse_unk":true,"ignore_merges":true,"vocab":{"a":0,"b":1,"ab":2,"▁":3,"<0x31>":4},"merges":["a b"]}""",
            "Unigram" => """{"type":"Unigram","unk_id":0,"byte_fallback":true,"vocab":[["a",-1],["b",-1.5],["ab",-2],["▁",-3],["<0x31>",-9]]}""",
            _ => """{"type":"WordPiece","unk_token":"a","continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{"a":0,"##b":1,"b":2,"▁":3}}""",
        });
        return document.ToJsonString();
    }

    private static Dictionary<string, byte[]> One(string name, byte[] bytes) => new() { [name] = bytes };

    private static void CheckBytes(
        byte[] original, Func<byte[], IReadOnlyDictionary<string, byte[]>> files, int iterations)
    {
        var change = Gen.Select(Gen.Int[0, original.Length - 1], Gen.Byte, Gen.Int[0, 5]);
        var changes = Gen.Select(change.Array[1, 4], Gen.Int[0, 9], Gen.Int[0, original.Length]);
        Assert.True(UseAll(files(original), out _));
        Check(changes, drawn => Mutated(original, drawn), files, iterations);
    }

    private static byte[] Mutated(
        byte[] original, ((int At, byte Value, int Kind)[] Changes, int Cut, int Length) drawn)
    {
        byte[] mutated = [.. original];
        foreach (var (at, value, kind) in drawn.Changes)
        {
            mutated[at] = kind switch
            {
                0 => 0,
                1 => 0xFF,
                2 => (byte)(mutated[at] + 1),
                3 => (byte)(mutated[at] ^ (1 << (value % 8))),
                _ => value,
            };
        }

        return drawn.Cut == 0 ? mutated[..drawn.Length] : mutated;
    }

    private static void Check<T>(
        Gen<T> gen, Func<T, byte[]> mutate, Func<byte[], IReadOnlyDictionary<string, byte[]>> files, int iterations)
    {
        var random = new PCG(1, Seed);
        int used = 0;
        for (int i = 0; i < iterations; i++)
        {
            byte[] mutated = mutate(gen.Generate(random, null, out _));
            var clock = Stopwatch.StartNew();
            long before = GC.GetAllocatedBytesForCurrentThread();
            used += UseAll(() => files(mutated), out string? problem) ? 1 : 0;
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(
                allocated <= ManagedAllowance + (2 * mutated.Length), $"case {i}: {allocated} bytes ({problem})");
            Assert.True(clock.Elapsed < LongestCase, $"case {i}: {clock.Elapsed} ({problem})");
        }

        // Some changes do no harm; where all do, the test looks at nothing but the first check.
        Assert.InRange(used, 1, iterations - 1);
    }

    private static bool UseAll(IReadOnlyDictionary<string, byte[]> files, out string? problem) =>
        UseAll(() => files, out problem);

    /// <summary>Whether files could be used; what is wrong with them otherwise.</summary>
    private static bool UseAll(Func<IReadOnlyDictionary<string, byte[]>> files, out string? problem)
    {
        problem = null;
        try
        {
            if (TokenizerFileSet.Create(files(), "t") is { } tokenizer)
            {
                int[] ids = tokenizer.Encode(Text);
                Assert.All(ids, id => Assert.InRange(id, 0, int.MaxValue));
                tokenizer.Decode(ids);
                tokenizer.Decode([0, 1, 2, -1, int.MaxValue], skipSpecialTokens: true);
            }

            return true;
        }
        catch (CheckpointException refusal)
        {
            problem = refusal.Message;
            return false;
        }
    }
}
