using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Packages.Adapters;

/// <summary>LoRA adapters give the tensors that the formula gives when they are merged into their base.</summary>
[NoTensorLeaks]
public sealed class AdapterTests : IDisposable
{
    private const string Query = "model.layers.0.self_attn.q_proj.weight";
    private const string Up = "model.layers.1.mlp.up_proj.weight";

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("""{"peft_type": "LORA", "lora_alpha": 16, "r": 4}""", 4, 4)]
    [InlineData("""{"peft_type": "LORA", "lora_alpha": 16, "r": 4, "use_rslora": true}""", 8, 8)]
    [InlineData("""{"peft_type": "LORA", "lora_alpha": 16, "r": 4, "alpha_pattern": {"up_proj": 2}}""", 4, 0.5)]
    public void Read_PlainAdapter_AddsTheScaledProduct(string config, double queryScale, double upScale)
    {
        using var scope = NewDisposeScope();
        (string model, string adapter) = (TinyCheckpoint.Write(_scratch.Of("base")), Folder(config));
        (Tensor queryDown, Tensor queryUp) = (rand(4, 32), rand(32, 4));
        (Tensor upDown, Tensor upUp) = (rand(4, 32), rand(64, 4));
        SafetensorsWriter.Write(Path.Combine(adapter, "adapter_model.safetensors"), new Dictionary<string, Tensor>
        {
            ["base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"] = queryDown,
            ["base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight"] = queryUp,
            ["base_model.model.model.layers.1.mlp.up_proj.lora_A.default.weight"] = upDown,
            ["base_model.model.model.layers.1.mlp.up_proj.lora_B.default.weight"] = upUp,
        });
        using ModelPackage package = ModelPackage.Open(adapter, model);
        using ModelPackage plain = ModelPackage.Open(model);
        AssertClose(
            plain.Tensors.Read(Query).to(float32) + (queryScale * queryUp.matmul(queryDown)),
            package.Tensors.Read(Query));
        AssertClose(plain.Tensors.Read(Up).to(float32) + (upScale * upUp.matmul(upDown)), package.Tensors.Read(Up));
        Assert.True(
            plain.Tensors.Read("model.norm.weight").eq(package.Tensors.Read("model.norm.weight")).all().ToBoolean());
        Assert.Equal(plain.PublishedBytes, package.PublishedBytes);
        Assert.Equal(
            plain.SideFiles.Keys.Order(StringComparer.Ordinal), package.SideFiles.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("merged into base", Assert.Single(package.Notes), StringComparison.Ordinal);
        LanguageModel.Load(package).Dispose();
    }

    [Fact]
    public void Read_EmbeddingAndWholeTensors_AreMerged()
    {
        using var scope = NewDisposeScope();
        (string model, string adapter) = (TinyCheckpoint.Write(_scratch.Of("base")), Folder("""{"lora_alpha": 8}"""));
        using ModelPackage plain = ModelPackage.Open(model);
        long rows = plain.Tensors.Tensors["model.embed_tokens.weight"].Shape[0];
        (Tensor down, Tensor up, Tensor norm) = (rand(4, rows), rand(32, 4), rand(32));
        SafetensorsWriter.Write(Path.Combine(adapter, "adapter_model.safetensors"), new Dictionary<string, Tensor>
        {
            ["base_model.model.model.embed_tokens.lora_embedding_A"] = down,
            ["base_model.model.model.embed_tokens.lora_embedding_B"] = up,
            ["base_model.model.model.norm.modules_to_save.weight"] = norm,
        });
        using ModelPackage package = ModelPackage.Open(adapter, model);
        Tensor before = plain.Tensors.Read("model.embed_tokens.weight").to(float32);
        AssertClose(before + (2 * up.matmul(down).t()), package.Tensors.Read("model.embed_tokens.weight"));
        AssertClose(norm, package.Tensors.Read("model.norm.weight"));
    }

    [Fact]
    public void Read_WeightsStoredTransposed_AreAddedTransposed()
    {
        using var scope = NewDisposeScope();
        string model = SharedFiles.Require("golden/arch/gpt2");
        string adapter = Folder("""{"lora_alpha": 4, "fan_in_fan_out": true}""");
        const string name = "transformer.h.0.attn.c_attn";
        using ModelPackage plain = ModelPackage.Open(model);
        long[] shape = [.. plain.Tensors.Tensors[name + ".weight"].Shape];
        (Tensor down, Tensor up) = (rand(4, shape[0]), rand(shape[1], 4));
        SafetensorsWriter.Write(Path.Combine(adapter, "adapter_model.safetensors"), new Dictionary<string, Tensor>
        {
            [$"base_model.model.{name}.lora_A.weight"] = down,
            [$"base_model.model.{name}.lora_B.weight"] = up,
        });
        using ModelPackage package = ModelPackage.Open(adapter, model);
        AssertClose(plain.Tensors.Read(name + ".weight") + up.matmul(down).t(), package.Tensors.Read(name + ".weight"));
    }

    [Fact]
    public void Read_GgufAdapter_AddsRowsInTheOrderOfTheBase()
    {
        using var scope = NewDisposeScope();
        string model = TinyCheckpoint.Write(_scratch.Of("base"));
        string adapter = _scratch.Of("adapter.gguf");
        (Tensor down, Tensor up) = (rand(4, 32), rand(32, 4));

        // As llama.cpp has it: the two halves of the rows of a head are interleaved.
        Tensor stored = up.reshape(4, 2, 4, 4).transpose(1, 2).reshape(32, 4);
        GgufWriter.Write(
            adapter,
            [
                new("general.architecture", "llama"), new("general.type", "adapter"), new("adapter.type", "lora"),
                new("adapter.lora.alpha", 8f),
            ],
            [
                new("blk.0.attn_q.weight.lora_a", GgmlType.F32, [4, 32], () => down.alias()),
                new("blk.0.attn_q.weight.lora_b", GgmlType.F32, [32, 4], () => stored.alias()),
            ]);
        using ModelPackage package = ModelPackage.Open(adapter, model);
        using ModelPackage plain = ModelPackage.Open(model);
        AssertClose(plain.Tensors.Read(Query).to(float32) + (2 * up.matmul(down)), package.Tensors.Read(Query));
        var e = Assert.Throws<CheckpointException>(() => ModelPackage.Open(adapter));
        Assert.Contains("--base MODEL", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AdapterWithoutBase_OffersToMerge()
    {
        string adapter = Folder("""{"lora_alpha": 16, "base_model_name_or_path": "owner/name"}""");
        Write(adapter, "model.norm.weight", 32);
        var e = Assert.Throws<CheckpointException>(() => ModelPackage.Open(adapter));
        Assert.Contains("is a LoRA adapter for owner/name and not a model", e.Message, StringComparison.Ordinal);
        Assert.Contains("--base MODEL", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_BaseOfWholeModel_IsRefused()
    {
        string model = TinyCheckpoint.Write(_scratch.Of("base"));
        var e = Assert.Throws<ConfigurationException>(() => ModelPackage.Open(model, model));
        Assert.Contains("--base is for adapters", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"peft_type": "IA3"}""", "a IA3 adapter")]
    [InlineData("""{"use_dora": true}""", "DoRA")]
    [InlineData("""{"lora_bias": true}""", "lora_bias")]
    public void Open_OtherAdapters_AreNamed(string config, string expected)
    {
        string adapter = Folder(config);
        var e = Assert.Throws<CheckpointException>(() => ModelPackage.Open(adapter, adapter));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Contains("merge it with PEFT", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.layers.9.mlp.up_proj.weight", 32, "which the base does not have")]
    [InlineData("model.norm.weight", 31, "as [31], but the base has [32]")]
    public void Open_AdapterOfAnotherModel_IsRefused(string name, int length, string expected)
    {
        string adapter = Folder("""{"lora_alpha": 16}""");
        Write(adapter, name, length);
        string model = TinyCheckpoint.Write(_scratch.Of("base"));
        var e = Assert.Throws<CheckpointException>(() => ModelPackage.Open(adapter, model));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    private static void Write(string adapter, string name, int length)
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(
            Path.Combine(adapter, "adapter_model.safetensors"),
            new Dictionary<string, Tensor> { [$"base_model.model.{name}"] = ones(length) });
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().ToSingle(), 0, 1e-5f);
    }

    private string Folder(string config)
    {
        string folder = Directory.CreateDirectory(_scratch.Of("adapter")).FullName;
        File.WriteAllText(Path.Combine(folder, "adapter_config.json"), config);
        return folder;
    }
}
