using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tests.Transformer;

namespace Hypercompress.Models.Tests.Architectures;

public sealed class DecoderConfigTests
{
    [Theory]
    [InlineData("gemma2")]
    [InlineData("gemma3_text")]
    [InlineData("gpt_neox")]
    [InlineData("llama-bias")]
    [InlineData("llama-dynamic-rope")]
    [InlineData("llama-headdim")]
    [InlineData("llama-linear-rope")]
    [InlineData("llama-yarn")]
    [InlineData("llama3-rope")]
    [InlineData("mistral-sliding")]
    [InlineData("olmo2")]
    [InlineData("phi3")]
    [InlineData("phi3-longrope")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("smollm3")]
    public void Parse_OldAndNewSpelling_AreEqual(string name)
    {
        string folder = SharedFiles.Require($"golden/arch/{name}");
        DecoderConfig current = GoldenModel.Config(folder);
        DecoderConfig legacy = GoldenModel.Config(folder, "config_legacy.json");
        static DecoderConfig Plain(DecoderConfig config) =>
            config with { EosTokenIds = [], Attention = [], Rope = null };
        Assert.Equal(Plain(current), Plain(legacy));
        Assert.Equal(current.EosTokenIds, legacy.EosTokenIds);
        Assert.Equivalent(current.Rope, legacy.Rope, strict: true);
        Assert.Equivalent(current.Attention.ToArray(), legacy.Attention.ToArray(), strict: true);
    }

    [Fact]
    public void Parse_OnlyRequiredKeys_TakesTheDefaults()
    {
        DecoderConfig config = DecoderConfigReader.Parse(Minimal(), "config.json");
        Assert.Equal((4, 8, 2048), (config.KeyValueHeads, config.HeadDimension, config.MaxPositions));
        Assert.Equal(1e-6, config.NormEpsilon);
        Assert.Equal((RopeType.Default, 10000.0), (config.Rope!.Type, config.Rope.Theta));
        Assert.False(config.TieEmbeddings || config.AttentionBias || config.MlpBias);
        Assert.Null(config.BosTokenId);
        Assert.Empty(config.EosTokenIds);
    }

    [Theory]
    [InlineData("-1", new int[0])]
    [InlineData("[2, -1]", new[] { 2 })]
    [InlineData("[]", new int[0])]
    public void Parse_EndIdsBelowZero_AreNone(string value, int[] expected)
    {
        JsonObject json = Minimal();
        json["eos_token_id"] = JsonNode.Parse(value);
        json["bos_token_id"] = -1;
        DecoderConfig config = DecoderConfigReader.Parse(json, "config.json");
        Assert.Equal(expected, config.EosTokenIds);
        Assert.Null(config.BosTokenId);
    }

    [Fact]
    public void Parse_ListOfEndIds_KeepsAll()
    {
        JsonObject json = Minimal();
        json["eos_token_id"] = new JsonArray(2, 7);
        json["bos_token_id"] = 1;
        json["head_dim"] = null;
        DecoderConfig config = DecoderConfigReader.Parse(json, "config.json");
        Assert.Equal([2, 7], config.EosTokenIds);
        Assert.Equal(1, config.BosTokenId);
    }

    [Theory]
    [InlineData("hidden_size", "null", "\"hidden_size\" is missing")]
    [InlineData("hidden_size", "32.5", "must be a whole number above 0, found 32.5")]
    [InlineData("num_hidden_layers", "\"two\"", "\"num_hidden_layers\" must be a number")]
    [InlineData("num_key_value_heads", "3", "must divide num_attention_heads (4), found 3")]
    [InlineData("head_dim", "7", "\"head_dim\" must leave an even number of the 7 values")]
    [InlineData(
        "model_type", "\"mamba\"",
        "must be one of: llama, mistral, smollm3, qwen2, qwen3, gpt2, gpt_neox, phi3, gemma2, gemma3_text, olmo2, "
        + "found mamba")]
    [InlineData("model_type", "null", "supported: llama")]
    [InlineData("hidden_act", "\"mish\"", "found mish")]
    [InlineData("tie_word_embeddings", "1", "must be true or false")]
    [InlineData("rms_norm_eps", "-1", "must be above 0")]
    [InlineData("eos_token_id", "[2, 1.5]", "\"eos_token_id\" must be a token id")]
    [InlineData("rope_scaling", "{\"type\":\"spiral\"}", "\"rope_scaling.rope_type\" must be one of")]
    [InlineData("rope_scaling", "{\"type\":\"linear\"}", "\"rope_scaling.factor\" is missing")]
    [InlineData("rope_parameters", "{\"rope_type\":\"dynamic\",\"factor\":0.5}", "rope_parameters.factor\" must be at")]
    [InlineData("rope_parameters", "7", "\"rope_parameters\" must be an object")]
    [InlineData("rope_theta", "0", "\"rope_theta\" must be above 1")]
    public void Parse_BadValue_NamesFileAndKey(string key, string value, string expected)
    {
        JsonObject json = Minimal();
        json[key] = JsonNode.Parse(value);
        var error = Assert.Throws<CheckpointException>(() => DecoderConfigReader.Parse(json, "some/config.json"));
        Assert.StartsWith("some/config.json: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static JsonObject Minimal() => new()
    {
        ["model_type"] = "llama",
        ["hidden_size"] = 32,
        ["intermediate_size"] = 64,
        ["num_hidden_layers"] = 2,
        ["num_attention_heads"] = 4,
        ["vocab_size"] = 100,
    };
}
