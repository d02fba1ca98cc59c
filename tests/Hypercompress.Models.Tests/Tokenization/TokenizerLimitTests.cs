using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tests.Tokenization.Reference;
using Hypercompress.Models.Tests.Tokenization.SentencePiece;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Tokenization.Loading;
using Hypercompress.Models.Tokenization.SentencePiece;

namespace Hypercompress.Models.Tests.Tokenization;

/// <summary>Files that would make a short text take for ever, or fill the memory, end in an error.</summary>
public sealed class TokenizerLimitTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    [Fact]
    public void Parse_ManyAddedTokens_TakesTimeInProportion()
    {
        var settings = new StringBuilder("""{"added_tokens_decoder":{""");
        var added = new StringBuilder();
        for (int id = 0; id < 100_000; id++)
        {
            string comma = id == 0 ? "" : ",";
            settings.Append($"{comma}\"{id}\":{{\"content\":\"<{id}>\",\"special\":true}}");
            added.Append($"{comma}{{\"id\":{id + 600},\"content\":\"<{id}>\",\"special\":true}}");
        }

        byte[] json = GeneratedTokenizer.With(null, null, JsonNode.Parse($"[{added}]"));
        var clock = Stopwatch.StartNew();
        var own = TokenizerSettings.Parse(Encoding.UTF8.GetBytes(settings.Append("}}").ToString()), "config.json");
        var tokenizer = TokenizerJson.Parse(json, "tokenizer.json", own);

        Assert.Equal([100_599, .. tokenizer.Encode("x")], tokenizer.Encode("<99999>x"));
        Assert.True(clock.Elapsed < Longest, $"took {clock.Elapsed}");
    }

    [Fact]
    public void Parse_TemplateWithManyTokens_TakesTimeInProportion()
    {
        var special = new JsonObject();
        var pieces = new JsonArray(JsonNode.Parse("""{"Sequence":{"id":"A","type_id":0}}"""));
        for (int i = 0; i < 50_000; i++)
        {
            special[$"t{i}"] = new JsonObject { ["ids"] = new JsonArray(i) };
            pieces.Add(new JsonObject { ["SpecialToken"] = new JsonObject { ["id"] = $"t{i}" } });
        }

        var document = JsonNode.Parse(GeneratedTokenizer.With(null, null))!;
        document["post_processor"] = new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = pieces,
            ["special_tokens"] = special,
        };
        var clock = Stopwatch.StartNew();
        var tokenizer = TokenizerJson.Parse(JsonSerializer.SerializeToUtf8Bytes(document), "tokenizer.json");

        Assert.Equal(50_001, tokenizer.Encode("x").Length);
        Assert.True(clock.Elapsed < Longest, $"took {clock.Elapsed}");
    }

    [Fact]
    public void Encode_TemplateThatRepeatsTheText_Fails()
    {
        var document = JsonNode.Parse(GeneratedTokenizer.With(null, null))!;
        document["post_processor"] = new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray([.. Enumerable.Range(0, 5000).Select(_ =>
                JsonNode.Parse("""{"Sequence":{"id":"A","type_id":0}}"""))]),
        };
        var tokenizer = TokenizerJson.Parse(JsonSerializer.SerializeToUtf8Bytes(document), "tokenizer.json");

        Assert.Throws<CheckpointException>(() => tokenizer.Encode(new string('x', 100_000)));
    }

    [Theory]
    [InlineData("""{"type":"Replace","pattern":{"Regex":"(a+)+$"},"content":"b"}""")]
    [InlineData("""{"type":"Replace","pattern":{"String":"a"},"content":"LONG"}""")]
    [InlineData("""{"type":"Replace","pattern":{"Regex":""},"content":"LONG"}""")]
    public void Encode_NormalizerThatNeedsTooMuch_Fails(string normalizer)
    {
        string step = normalizer.Replace("LONG", new string('c', 1_000_000), StringComparison.Ordinal);
        var tokenizer = TokenizerJson.Parse(
            GeneratedTokenizer.With(JsonNode.Parse(step), null), "tokenizer.json");
        var clock = Stopwatch.StartNew();

        var problem = Assert.Throws<CheckpointException>(() => tokenizer.Encode(new string('a', 5000) + "b"));

        Assert.Contains("tokenizer.json", problem.Message, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < Longest, $"took {clock.Elapsed}");
    }

    [Fact]
    public void Encode_PatternThatBacktracksBetweenAddedTokens_SharesOneBudget()
    {
        var added = JsonNode.Parse("""[{"id":600,"content":"<x>","special":true}]""");
        var split = JsonNode.Parse(
            """{"type":"Split","pattern":{"Regex":"(a+)+$"},"behavior":"Isolated","invert":false}""");
        var tokenizer = TokenizerJson.Parse(GeneratedTokenizer.With(null, split, added), "tokenizer.json");
        string part = new string('a', 18) + "b<x>";
        _ = tokenizer.Encode(part);
        var clock = Stopwatch.StartNew();

        Assert.Throws<CheckpointException>(() => tokenizer.Encode(string.Concat(Enumerable.Repeat(part, 2000))));
        Assert.True(clock.Elapsed < Longest, $"took {clock.Elapsed}");
    }

    [Fact]
    public void Encode_AddedTokenThatAlmostFitsEverywhere_Fails()
    {
        var added = new JsonArray(new JsonObject
        {
            ["id"] = 600,
            ["content"] = new string('a', 60_000),
            ["special"] = true,
        });
        var tokenizer = TokenizerJson.Parse(GeneratedTokenizer.With(null, null, added), "tokenizer.json");
        var clock = Stopwatch.StartNew();

        Assert.Throws<CheckpointException>(() => tokenizer.Encode(new string('a', 59_999)));
        Assert.True(clock.Elapsed < Longest, $"took {clock.Elapsed}");
    }

    [Fact]
    public void Encode_SentencePieceOfGreatLength_Fails()
    {
        byte[] model = new SentencePieceBytes().Piece("<unk>", 0, 2).Piece("a", -1).Piece(new string('a', 60_000), -2)
            .Make();
        var tokenizer = SentencePieceTokenizer.Parse(model, "tokenizer.model");
        var clock = Stopwatch.StartNew();

        Assert.Throws<CheckpointException>(() => tokenizer.Encode(new string('a', 50_000)));
        Assert.True(clock.Elapsed < Longest, $"took {clock.Elapsed}");
    }
}
