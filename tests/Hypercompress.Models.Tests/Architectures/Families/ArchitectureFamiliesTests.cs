using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Families;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Transformer.Layout;

namespace Hypercompress.Models.Tests.Architectures.Families;

/// <summary>Rules that the data of every family keeps, and those that families have of their own.</summary>
public sealed class ArchitectureFamiliesTests
{
    public static TheoryData<string> Families => [.. ArchitectureFamilies.All.Select(family => family.ModelType)];

    [Fact]
    public void All_ModelTypesAndGgufArchitectures_AreFoundByTheirNames()
    {
        foreach (ArchitectureFamily family in ArchitectureFamilies.All)
        {
            Assert.Same(family, ArchitectureFamilies.ByModelType(family.ModelType));
            if (family.GgufArchitecture is { } architecture)
            {
                Assert.Same(family, ArchitectureFamilies.ByGgufArchitecture(architecture));
            }
        }

        Assert.Null(ArchitectureFamilies.ByModelType("mamba"));
        Assert.Null(ArchitectureFamilies.ByGgufArchitecture("mamba"));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Keys_BothFormats_HoldTheSameRolesUnderNamesOfTheirOwn(string modelType)
    {
        ArchitectureFamily family = ArchitectureFamilies.ByModelType(modelType)!;
        TensorRole[] roles = [.. Enum.GetValues<TensorRole>().Where(family.HuggingFaceKeys.Has)];
        Assert.Equal(roles, Enum.GetValues<TensorRole>().Where(family.GgufKeys.Has));
        foreach (KeyMap keys in new[] { family.HuggingFaceKeys, family.GgufKeys })
        {
            string[] patterns = [.. roles.Select(keys.Find).Distinct().Select(key => key.Pattern)];
            Assert.Equal(patterns.Distinct(), patterns);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Layout_EveryFamily_FillsEachTensorOnce(string modelType)
    {
        var layout = new DecoderLayout(Config(modelType));
        Assert.Equal(layout.Slots.Select(slot => slot.Name).Distinct(), layout.Slots.Select(slot => slot.Name));
        foreach (CheckpointTensor tensor in layout.Tensors())
        {
            long rows = tensor.Parts.Sum(part => part.Part.Rows);
            Assert.Equal(rows, tensor.Parts[0].Part.TensorRows);
            Assert.Contains(rows, tensor.Shape);
        }
    }

    [Theory]
    [InlineData("llama", "........")]
    [InlineData("mistral", "wwwwwwww")]
    [InlineData("gemma2", "w.w.w.w.")]
    [InlineData("gemma3_text", "wwwww.ww")]
    [InlineData("qwen2", "........")]
    public void Attention_WindowsByDefault_AreThoseOfTheFamily(string modelType, string expected)
    {
        JsonObject json = Json(modelType);
        json["num_hidden_layers"] = 8;
        DecoderConfig config = DecoderConfigReader.Parse(json, "config.json");
        Assert.Equal(expected, string.Concat(config.Attention.Select(layer => layer.Window is null ? '.' : 'w')));
    }

    [Fact]
    public void Attention_WindowsOfQwen_BeginAtTheStatedLayer()
    {
        JsonObject json = Json("qwen2");
        (json["num_hidden_layers"], json["use_sliding_window"], json["max_window_layers"]) = (4, true, 3);
        ImmutableArray<LayerAttention> attention = DecoderConfigReader.Parse(json, "config.json").Attention;
        Assert.Equal([null, null, null, 4096], attention.Select(layer => layer.Window));
    }

    [Fact]
    public void Attention_SmolLm3_LeavesEveryFourthLayerUnrotated()
    {
        JsonObject json = Json("smollm3");
        json["num_hidden_layers"] = 8;
        ImmutableArray<LayerAttention> attention = DecoderConfigReader.Parse(json, "config.json").Attention;
        Assert.Equal([3, 7], Enumerable.Range(0, 8).Where(layer => attention[layer].Rope is null));
        json["no_rope_layers"] = new JsonArray(0, 1, 1, 1, 1, 1, 1, 1);
        attention = DecoderConfigReader.Parse(json, "config.json").Attention;
        Assert.Equal([0], Enumerable.Range(0, 8).Where(layer => attention[layer].Rope is null));
    }

    [Theory]
    [InlineData("qwen2", true, false, false)]
    [InlineData("qwen3", false, false, false)]
    [InlineData("gpt2", true, true, true)]
    [InlineData("gpt_neox", true, true, true)]
    [InlineData("phi3", false, false, false)]
    public void Biases_ByDefault_AreThoseOfTheFamily(string modelType, bool attention, bool output, bool mlp)
    {
        DecoderConfig config = Config(modelType);
        Assert.Equal(
            (attention, output, mlp), (config.AttentionBias, config.AttentionOutputBias, config.MlpBias));
    }

    [Theory]
    [InlineData("llama", false)]
    [InlineData("gpt2", true)]
    [InlineData("gemma2", true)]
    [InlineData("smollm3", true)]
    [InlineData("olmo2", false)]
    public void TieEmbeddings_ByDefault_IsThatOfTheFamily(string modelType, bool expected) =>
        Assert.Equal(expected, Config(modelType).TieEmbeddings);

    [Theory]
    [InlineData("gemma2", 50, 30)]
    [InlineData("llama", null, null)]
    public void SoftCaps_ByDefault_AreThoseOfTheFamily(string modelType, int? attention, int? logits)
    {
        DecoderConfig config = Config(modelType);
        Assert.Equal((attention, logits), (config.AttentionSoftCap, config.LogitSoftCap));
    }

    [Fact]
    public void Parse_Gemma3WithBidirectionalAttention_IsRefused()
    {
        JsonObject json = Json("gemma3_text");
        json["use_bidirectional_attention"] = true;
        Assert.Throws<Models.Errors.CheckpointException>(() => DecoderConfigReader.Parse(json, "config.json"));
    }

    private static DecoderConfig Config(string modelType) => DecoderConfigReader.Parse(Json(modelType), "config.json");

    private static JsonObject Json(string modelType)
    {
        ConfigKeys keys = ArchitectureFamilies.ByModelType(modelType)!.Config;
        return new JsonObject
        {
            ["model_type"] = modelType,
            [keys.HiddenSize] = 64,
            [keys.IntermediateSize] = 96,
            [keys.Layers] = 2,
            [keys.Heads] = 4,
            ["vocab_size"] = 100,
        };
    }
}
