using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Transformer;

[NoTensorLeaks]
public sealed class DecoderModelTests
{
    private static readonly long[] Prompt = [5, 17, 250, 3, 99, 42, 7, 128, 64, 11];

    [Fact]
    public void Slots_TiedAndUntied_AreListedInTheFixedOrder()
    {
        using DecoderModel tied = Tiny("llama-tied");
        Assert.Equal(1 + (6 * tied.Config.Layers), tied.Slots.Count);
        string[] first = [
            "model.embed_tokens", "model.layers.0.self_attn.q_proj", "model.layers.0.self_attn.kv_proj",
            "model.layers.0.self_attn.o_proj", "model.layers.0.mlp.gate_proj", "model.layers.0.mlp.up_proj",
            "model.layers.0.mlp.down_proj", "model.layers.1.self_attn.q_proj"];
        Assert.Equal(first, tied.Slots.Take(8).Select(slot => slot.Name));
        Assert.Equal(WeightSlotKind.KeyValue, tied.Slots[2].Kind);
        Assert.Equal(0, tied.Slots[2].Layer);
        using DecoderModel untied = Tiny("llama-untied");
        Assert.Equal(("lm_head", WeightSlotKind.Head), (untied.Slots[^1].Name, untied.Slots[^1].Kind));
    }

    [Fact]
    public void NamedVectors_ModelWithBiases_HaveTheirNames()
    {
        using DecoderModel model = Tiny("llama-bias");
        string[] layer = [
            "input_layernorm.weight", "self_attn.q_proj.bias", "self_attn.kv_proj.bias", "self_attn.o_proj.bias",
            "post_attention_layernorm.weight", "mlp.gate_proj.bias", "mlp.up_proj.bias", "mlp.down_proj.bias"];
        IEnumerable<string> found = model.NamedVectors.Skip(8).Take(8).Select(vector => vector.Name);
        Assert.Equal(layer.Select(name => "model.layers.1." + name), found);
        Assert.Equal("model.norm.weight", model.NamedVectors[^1].Name);
    }

    [Fact]
    public void Forward_WithTap_SeesEveryMatrixOnceInOrder()
    {
        string folder = SharedFiles.Require("golden/arch/llama-tied");
        GoldenModel golden = GoldenModel.Read(Path.Combine(folder, "golden.json"));
        using DecoderModel model = GoldenModel.Load(folder);
        var tap = new RecordingTap();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        model.Forward(tensor(golden.Prompts[0]).unsqueeze(0), tap: tap);
        List<string> expected = ["gather model.embed_tokens"];
        for (int layer = 0; layer < model.Config.Layers; layer++)
        {
            expected.AddRange(model.Slots.Where(slot => slot.Layer == layer).Select(slot => slot.Name));
            expected.Add($"layer {layer}");
        }

        Assert.Equal([.. expected, "model.embed_tokens"], tap.Events);
        Assert.All(golden.LayerNorms.Zip(tap.LayerNorms), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
    }

    [Fact]
    public void Forward_LatentKeyValues_GiveTheSameLogitsThroughTheCache()
    {
        using DecoderModel dense = Tiny("llama-bias");
        const int Rank = 5;
        using DecoderModel model = dense.WithMatrices(slot => slot.Kind == WeightSlotKind.KeyValue
            ? FactorMatrix.Random(slot.Matrix.Rows, Rank, slot.Matrix.Columns, 7)
            : new DenseMatrix(slot.Matrix.Materialize()));
        float[] whole = GoldenModel.Forward(model, Prompt);
        using var cache = new KvCache(model);
        float[] parts = [
            .. GoldenModel.Forward(model, Prompt[..4], cache),
            .. GoldenModel.Forward(model, Prompt[4..5], cache),
            .. GoldenModel.Forward(model, Prompt[5..], cache)];
        Assert.InRange(GoldenModel.LargestDifference(whole, parts), 0, 1e-5f);
        Assert.Equal(Rank * model.Config.Layers, model.CachedValuesPerToken);
        Assert.Equal(2 * Rank * model.Config.Layers, cache.BytesPerToken());
        Assert.Equal(64 * 4 * Rank * model.Config.Layers, cache.StorageBytes);
        Assert.Equal(2 * dense.Config.KeyRows * model.Config.Layers, dense.CachedValuesPerToken);
    }

    [Fact]
    public void Forward_LatentKeyValuesOfFullRankProduct_MatchTheDenseModel()
    {
        using DecoderModel dense = Tiny("llama-bias");
        using DecoderModel model = dense.WithMatrices(slot => slot.Kind == WeightSlotKind.KeyValue
            ? Factored(slot.Matrix)
            : new DenseMatrix(slot.Matrix.Materialize()));
        Assert.Equal(dense.CachedValuesPerToken, model.CachedValuesPerToken);
        float[] difference = GoldenModel.Forward(dense, Prompt);
        Assert.InRange(GoldenModel.LargestDifference(difference, GoldenModel.Forward(model, Prompt)), 0, 1e-4f);
        using var cache = new KvCache(model);
        Assert.InRange(GoldenModel.LargestDifference(difference, GoldenModel.Forward(model, Prompt, cache)), 0, 1e-4f);
    }

    [Fact]
    public void Forward_LatentThroughCacheWithTap_ReportsTheNewTokensOnly()
    {
        using DecoderModel dense = Tiny("llama-tied");
        using DecoderModel model = dense.WithMatrices(slot => slot.Kind == WeightSlotKind.KeyValue
            ? FactorMatrix.Random(slot.Matrix.Rows, 3, slot.Matrix.Columns, 7)
            : new DenseMatrix(slot.Matrix.Materialize()));
        using var cache = new KvCache(model);
        GoldenModel.Forward(model, Prompt[..4], cache);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var tap = new RecordingTap();
        model.Forward(tensor(Prompt[4..]).unsqueeze(0), cache, tap);
        Assert.Contains("model.layers.0.self_attn.kv_proj", tap.Events);
    }

    [Fact]
    public void Forward_UnderGrad_GivesEveryParameterTheGradientOfFiniteDifferences()
    {
        using DecoderModel model = Tiny("llama-bias");
        using var scope = NewDisposeScope();
        Tensor ids = tensor(Prompt).unsqueeze(0);
        foreach (Parameter parameter in model.Parameters)
        {
            parameter.requires_grad_(true);
        }

        model.Forward(ids).logsumexp(-1).mean().backward();
        Assert.All(model.Parameters, parameter => Assert.True(parameter.grad!.abs().max().item<float>() > 0));
        Parameter probe = model.Slots[1].Matrix.Parameters.Single();
        float gradient = probe.grad![1, 2].item<float>();
        float Loss(float shift)
        {
            using var noGrad = no_grad();
            probe[1, 2].add_(shift);
            float loss = model.Forward(ids).logsumexp(-1).mean().item<float>();
            probe[1, 2].sub_(shift);
            return loss;
        }

        float estimate = (Loss(0.05f) - Loss(-0.05f)) / 0.1f;
        Assert.Equal(estimate, gradient, 0.02f * Math.Abs(estimate) + 1e-4f);
        foreach (Parameter parameter in model.Parameters)
        {
            parameter.grad!.Dispose();
        }
    }

    [Fact]
    public void WithMatrices_Changed_LeavesTheFirstModelAsItIs()
    {
        using DecoderModel model = Tiny("llama-bias");
        float[] before = GoldenModel.Forward(model, Prompt);
        using (DecoderModel copy = model.WithMatrices(slot => new DenseMatrix(slot.Matrix.Materialize())))
        {
            Assert.Equal(before, GoldenModel.Forward(copy, Prompt));
            using var noGrad = no_grad();
            foreach (Parameter parameter in copy.Parameters)
            {
                parameter.zero_().Dispose();
            }
        }

        Assert.Equal(before, GoldenModel.Forward(model, Prompt));
    }

    [Fact]
    public void WithMatrices_WrongShape_IsRefusedByName()
    {
        using DecoderModel model = Tiny("llama-tied");
        var error = Assert.Throws<ArgumentException>(() => model.WithMatrices(slot =>
            FactorMatrix.Random(slot.Matrix.Rows, 2, slot.Matrix.Columns + 1, 1)));
        Assert.Contains("model.embed_tokens must be", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingTensor_NamesFileAndTensor()
    {
        string folder = SharedFiles.Require("golden/arch/llama-tied");
        DecoderConfig config = GoldenModel.Config(folder) with { Layers = 4 };
        using ITensorSource source = CheckpointFolder.Open(folder);
        var error = Assert.Throws<CheckpointException>(() => DecoderModel.Load(config, source));
        Assert.Contains("model.layers.3.self_attn.q_proj.weight", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("model.safetensors", error.File, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WrongShape_NamesExpectedAndFound()
    {
        string folder = SharedFiles.Require("golden/arch/llama-tied");
        DecoderConfig config = GoldenModel.Config(folder) with { IntermediateSize = 65 };
        using ITensorSource source = CheckpointFolder.Open(folder);
        var error = Assert.Throws<CheckpointException>(() => DecoderModel.Load(config, source));
        const string Expected = "must be [65, 32] by the configuration, found [64, 32]";
        Assert.Contains(Expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_IdsOfWrongShape_AreRefused()
    {
        using DecoderModel model = Tiny("llama-tied");
        using Tensor flat = tensor(Prompt);
        Assert.Throws<ArgumentException>(() => model.Forward(flat));
    }

    [Fact]
    public void Forward_CacheOfAnotherBatch_IsRefused()
    {
        using DecoderModel model = Tiny("llama-tied");
        using var cache = new KvCache(model);
        GoldenModel.Forward(model, Prompt, cache);
        using Tensor two = zeros(2, 1, dtype: int64);
        Assert.Throws<ArgumentException>(() => model.Forward(two, cache));
    }

    [Fact]
    public void MoveTo_Device_KeepsLogitsAndTrainability()
    {
        using DecoderModel model = Tiny("llama-bias");
        float[] before = GoldenModel.Forward(model, Prompt);
        model.NamedVectors[0].Vector.requires_grad_(true);
        model.MoveTo(CPU);
        Assert.Equal(before, GoldenModel.Forward(model, Prompt));
        Assert.True(model.NamedVectors[0].Vector.requires_grad);
        Assert.False(model.NamedVectors[1].Vector.requires_grad);
    }

    private static DecoderModel Tiny(string name) => GoldenModel.Load(SharedFiles.Require($"golden/arch/{name}"));

    private static FactorMatrix Factored(WeightMatrix matrix)
    {
        using Tensor weight = matrix.Materialize();
        return new(eye(matrix.Rows), weight.clone());
    }
}
