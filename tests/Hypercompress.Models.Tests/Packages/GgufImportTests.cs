using Hypercompress.Models.Architectures;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Rotary;
using TorchSharp;

namespace Hypercompress.Models.Tests.Packages;

[NoTensorLeaks]
public sealed class GgufImportTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    [Fact]
    public void Open_QueryRows_AreBroughtBackToHalves()
    {
        using ModelPackage package = Open(GgufBuilder.TinyLlama());
        using torch.Tensor query = package.Tensors.Read("model.layers.0.self_attn.q_proj.weight");
        // Stored row 2j+s of a head of width 4 is row 2s+j: 0, 2, 1, 3.
        Assert.Equal([0f, 16, 8, 24, 32, 48, 40, 56], FirstColumn(query));
        using torch.Tensor key = package.Tensors.Read("model.layers.0.self_attn.k_proj.weight");
        Assert.Equal([0f, 16, 8, 24], FirstColumn(key));
        using torch.Tensor value = package.Tensors.Read("model.layers.0.self_attn.v_proj.weight");
        Assert.Equal([0f, 8, 16, 24], FirstColumn(value));
    }

    [Fact]
    public void Open_Metadata_BecomesTheConfiguration()
    {
        using ModelPackage package = Open(GgufBuilder.TinyLlama().With("tokenizer.ggml.eot_token_id", 5u));
        DecoderConfig config = package.ReadDecoderConfig();
        Assert.Equal((8, 1), (config.HiddenSize, config.Layers));
        Assert.Equal((2, 1, 4), (config.Heads, config.KeyValueHeads, config.HeadDimension));
        Assert.Equal((12, 10, 64), (config.IntermediateSize, config.VocabularySize, config.MaxPositions));
        Assert.Equal((1e-5, 500000.0), (config.NormEpsilon, config.Rope!.Theta));
        Assert.True(config.TieEmbeddings);
        Assert.Equal([2, 5], config.EosTokenIds);
        using DecoderModel model = DecoderModel.Load(config, package.Tensors);
        Assert.Equal(package.ParameterCount, model.ParameterCount);
    }

    [Theory]
    [InlineData(8, 8192)]
    [InlineData(32, 8192)]
    [InlineData(4, 4096)]
    public void Open_RopeDivisors_AreRecognisedAsLlama3(double factor, int trained)
    {
        GgufBuilder builder = GgufBuilder.TinyLlama()
            .With("llama.attention.key_length", 128u)
            .With("llama.attention.value_length", 128u)
            .Values("rope_freqs.weight", [64], Divisors(factor, trained));
        using ModelPackage package = Open(builder);
        RopeSettings rope = package.ReadDecoderConfig().Rope!;
        Assert.Equal((RopeType.Llama3, factor, trained), (rope.Type, rope.Factor, rope.OriginalMaxPositions));
        Assert.DoesNotContain("rope_freqs.weight", package.Tensors.Tensors.Keys);
    }

    [Fact]
    public void Open_UnknownRopeDivisors_AreKeptForEveryLength()
    {
        using ModelPackage package = Open(GgufBuilder.TinyLlama().Values("rope_freqs.weight", [2], [7, 3]));
        RopeSettings rope = package.ReadDecoderConfig().Rope!;
        Assert.Equal((RopeType.LongRope, 1.0, 64), (rope.Type, rope.AttentionFactor, rope.OriginalMaxPositions));
        Assert.Equal([7, 3], rope.ShortFactors);
        Assert.Equal([7, 3], rope.LongFactors);
    }

    [Fact]
    public void Open_RopeDivisorsOfAnotherCount_AreRefused() => AssertRefused(
        GgufBuilder.TinyLlama().Values("rope_freqs.weight", [3], [7, 3, 1]), "must have 2 positive values, found 3");

    [Fact]
    public void Open_LinearScaling_IsKept()
    {
        using ModelPackage package = Open(GgufBuilder.TinyLlama()
            .With("llama.rope.scaling.type", "linear").With("llama.rope.scaling.factor", 2f));
        RopeSettings rope = package.ReadDecoderConfig().Rope!;
        Assert.Equal((RopeType.Linear, 2.0), (rope.Type, rope.Factor));
    }

    [Fact]
    public void Open_UnsupportedFiles_AreRefusedByName()
    {
        static GgufBuilder Tiny() => GgufBuilder.TinyLlama();
        AssertRefused(Tiny().With("general.architecture", "mamba"), "found mamba");
        AssertRefused(Tiny().With("llama.rope.scaling.type", "longrope"), "found longrope");
        AssertRefused(Tiny().With("llama.rope.dimension_count", 2u), "must be the width of a head (4), found 2");
        AssertRefused(Tiny().Tensor("blk.0.attn_q_norm.weight", 4), "tensor \"blk.0.attn_q_norm.weight\"");
        AssertRefused(Tiny().Tensor("blk.1.attn_norm.weight", 8), "tensor \"blk.1.attn_norm.weight\"");
    }

    public void Dispose() => _folder.Dispose();

    private void AssertRefused(GgufBuilder builder, string expected)
    {
        var error = Assert.Throws<CheckpointException>(() => Open(builder));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private ModelPackage Open(GgufBuilder builder)
    {
        builder.Save(_folder.Of("model.gguf"));
        return ModelPackage.Open(_folder.Path);
    }

    private static float[] FirstColumn(torch.Tensor matrix)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor column = matrix.narrow(1, 0, 1).contiguous();
        return column.data<float>().ToArray();
    }

    private static float[] Divisors(double factor, int trained)
    {
        var settings = new RopeSettings { Theta = 500000, Factor = factor, OriginalMaxPositions = trained };
        var plain = new RotaryEmbedding(settings, 128).Frequencies(1);
        var stretched = new RotaryEmbedding(settings with { Type = RopeType.Llama3 }, 128).Frequencies(1);
        return [.. plain.Zip(stretched, (a, b) => (float)(a / b))];
    }
}
