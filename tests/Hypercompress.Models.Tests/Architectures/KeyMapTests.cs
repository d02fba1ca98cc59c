using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Families;

namespace Hypercompress.Models.Tests.Architectures;

public sealed class KeyMapTests
{
    private static readonly TensorRole[] OutsideLayers =
        [TensorRole.Embedding, TensorRole.Positions, TensorRole.FinalNorm, TensorRole.Head];

    public static TheoryData<string> Families => [.. ArchitectureFamilies.All.Select(family => family.ModelType)];

    [Theory]
    [MemberData(nameof(Families))]
    public void Recognize_EveryNameOfTheMap_IsFoundWithItsLayer(string modelType)
    {
        KeyMap keys = ArchitectureFamilies.ByModelType(modelType)!.HuggingFaceKeys;
        foreach (TensorRole role in Enum.GetValues<TensorRole>().Where(keys.Has))
        {
            int? layer = OutsideLayers.Contains(role) ? null : 17;
            foreach (string name in new[] { keys.WeightName(role, layer), keys.BiasName(role, layer) })
            {
                Assert.Equal((true, layer), keys.Recognize(name));
                Assert.Equal((true, layer), keys.Recognize(keys.BareName(name) ?? name));
            }
        }
    }

    [Theory]
    [InlineData("model.layers.x.self_attn.q_proj.weight")]
    [InlineData("model.layers..self_attn.q_proj.weight")]
    [InlineData("model.layers.-1.self_attn.q_proj.weight")]
    [InlineData("model.layers.0.self_attn.q_proj.scale")]
    [InlineData("model.layers.0.self_attn.q_norm.weight")]
    [InlineData("model.layers.0.weight")]
    [InlineData("vision.model.norm.weight")]
    public void Recognize_OtherNames_AreNotFound(string name) =>
        Assert.Equal((false, null), ArchitectureFamilies.ByModelType("llama")!.HuggingFaceKeys.Recognize(name));

    [Theory]
    [InlineData("llama", "model.norm.weight", "norm.weight")]
    [InlineData("gpt2", "transformer.h.0.ln_1.weight", "h.0.ln_1.weight")]
    [InlineData("llama", "lm_head.weight", null)]
    public void BareName_PrefixOfTheDecoder_IsLeftOut(string modelType, string name, string? expected) =>
        Assert.Equal(expected, ArchitectureFamilies.ByModelType(modelType)!.HuggingFaceKeys.BareName(name));

    [Theory]
    [InlineData("gpt2", "transformer.h.0.attn.bias", true)]
    [InlineData("gpt2", "transformer.h.0.attn.c_attn.bias", false)]
    [InlineData("gpt_neox", "gpt_neox.layers.0.attention.bias", true)]
    [InlineData("gpt_neox", "gpt_neox.layers.0.attention.dense.bias", false)]
    [InlineData("llama", "model.layers.0.self_attn.rotary_emb.inv_freq", true)]
    public void IsBuffer_MasksAndFrequencies_AreNoWeights(string modelType, string name, bool expected) =>
        Assert.Equal(expected, ArchitectureFamilies.ByModelType(modelType)!.HuggingFaceKeys.IsBuffer(name));
}
