using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Checkpoints.Torch;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Packages.Inventory;

/// <summary>What people's checkpoints have beyond the weights of the decoder, and what they lack.</summary>
[NoTensorLeaks]
public sealed class ForeignCheckpointTests : IDisposable
{
    private const string Bias = "model.layers.0.self_attn.q_proj.bias";

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("v_head.summary.weight")]
    [InlineData("lm_head_second.weight")]
    [InlineData("score.weight")]
    public void Open_TensorThatNothingReads_IsNamedAndNotCounted(string name)
    {
        long bytes = Published(Write());
        string folder = Write(extra: (name, ones(64, 32)));
        using ModelPackage package = ModelPackage.Open(folder);
        package.ReadDecoderConfig();
        Assert.Equal(bytes, package.PublishedBytes);
        Assert.Contains(name, Assert.Single(package.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AdapterBesideTheWeights_IsNamedAndNotCounted()
    {
        long bytes = Published(Write());
        using ModelPackage package = ModelPackage.Open(
            Write(extra: ("model.layers.0.self_attn.q_proj.lora_A.weight", ones(4, 32))));
        package.ReadDecoderConfig();
        Assert.Equal(bytes, package.PublishedBytes);
        Assert.Contains("merge it first", Assert.Single(package.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.layers.0.self_attn.rotary_emb.inv_freq")]
    [InlineData("model.layers.0.self_attn.masked_bias")]
    public void Open_Buffer_IsNotCounted(string name)
    {
        long bytes = Published(Write());
        using ModelPackage package = ModelPackage.Open(Write(extra: (name, ones(4))));
        package.ReadDecoderConfig();
        Assert.Equal(bytes, package.PublishedBytes);
        Assert.Empty(package.Notes);
    }

    [Theory]
    [InlineData(Bias, "attention_bias")]
    [InlineData("lm_head.bias", "remove it")]
    [InlineData("model.layers.1.self_attn.q_norm.weight", "model_type")]
    [InlineData("model.layers.2.mlp.up_proj.weight", "is of layer 2, but \"num_hidden_layers\" is 2")]
    public void ReadDecoderConfig_TensorThatTheModelComputesWith_IsRefused(string name, string expected)
    {
        long bytes = Published(Write());
        using ModelPackage package = ModelPackage.Open(Write(extra: (name, ones(32))));
        Assert.Equal(bytes, package.PublishedBytes);
        var e = Assert.Throws<CheckpointException>(package.ReadDecoderConfig);
        Assert.Contains(name, e.Message, StringComparison.Ordinal);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadDecoderConfig_BiasOfZeros_IsAccepted()
    {
        using ModelPackage package = ModelPackage.Open(Write(extra: (Bias, zeros(32))));
        package.ReadDecoderConfig();
        Assert.Contains(Bias, Assert.Single(package.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TiedHeadThatIsAnotherMatrix_IsKept()
    {
        string folder = Write(tied: false);
        float[] expected = Logits(folder);
        string config = Path.Combine(folder, "config.json");
        File.WriteAllText(
            config, File.ReadAllText(config)
                .Replace("\"tie_word_embeddings\":false", "\"tie_word_embeddings\":true", StringComparison.Ordinal));
        using ModelPackage package = ModelPackage.Open(folder);
        Assert.False(package.ReadDecoderConfig().TieEmbeddings);
        Assert.False((bool)package.Config["tie_word_embeddings"]!);
        Assert.Contains("the head is kept", Assert.Single(package.Notes), StringComparison.Ordinal);
        Assert.Equal(expected, Logits(folder));
    }

    [Fact]
    public void Open_TiedHeadStoredTwice_IsCountedOnce()
    {
        string folder = Write();
        (long bytes, float[] expected) = (Published(folder), Logits(folder));
        string second = Write(copyHead: true);
        using ModelPackage package = ModelPackage.Open(second);
        Assert.True(package.ReadDecoderConfig().TieEmbeddings);
        Assert.Equal(bytes, package.PublishedBytes);
        Assert.Contains("a copy of the embedding", Assert.Single(package.Notes), StringComparison.Ordinal);
        Assert.Equal(expected, Logits(second));
    }

    [Theory]
    [InlineData("_orig_mod.model.", "_orig_mod.")]
    [InlineData("module.model.", "module.")]
    [InlineData("base_model.model.model.", "base_model.model.")]
    [InlineData("language_model.model.", "language_model.")]
    [InlineData("transformer.model.", "transformer.")]
    [InlineData("transformer.", "")]
    [InlineData("module._orig_mod.model.", "module._orig_mod.")]
    [InlineData("model.language_model.", "")]
    [InlineData("module.model.language_model.", "module.")]
    [InlineData("", "")]
    public void Open_NamesOfWrappers_AreLeftOut(string decoder, string head)
    {
        string plain = Write(tied: false);
        string folder = Write(tied: false, rename: name => name == "lm_head.weight"
            ? head + name
            : decoder + name["model.".Length..]);
        Assert.Equal(Logits(plain), Logits(folder));
        Assert.Equal(Published(plain), Published(folder));
    }

    [Fact]
    public void Open_WrapperInEveryLayer_IsLeftOut()
    {
        string folder =
            Write(rename: name => name.Replace(".self_attn.", "._orig_mod.self_attn.", StringComparison.Ordinal));
        Assert.Equal(Logits(Write()), Logits(folder));
    }

    [Fact]
    public void Open_SeveralModels_AreNamed()
    {
        string folder =
            Write(rename: name =>
            "student." + name, extra: ("teacher.model.layers.0.input_layernorm.weight", ones(32)));
        var e = Assert.Throws<CheckpointException>(() => ModelPackage.Open(folder));
        Assert.Contains("\"student.\", \"teacher.\"", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state_dict", "model.")]
    [InlineData("module", "")]
    [InlineData("model", "module.")]
    public void Open_DictionariesOfTrainers_AreEntered(string key, string prefix)
    {
        string plain = Write();
        string folder = Write(name: "trained");
        string weights = Path.Combine(folder, "model.safetensors");
        using (SafetensorsFile file = SafetensorsFile.Open(weights))
        using (var scope = NewDisposeScope())
        {
            var tensors = file.Tensors.Keys.ToDictionary(name => prefix + name, name => (object?)file.Read(name));
            TorchCheckpointWriter.Write(
                Path.Combine(folder, "pytorch_model.bin"),
                new Dictionary<string, object?> { [key] = tensors, ["epoch"] = 3 });
        }

        File.Delete(weights);
        Assert.Equal(Logits(plain), Logits(folder));
    }

    [Fact]
    public void Load_QuantizedByAnother_GivesTheLogitsOfTheDequantizedWeights()
    {
        string plain =
            Write(type: ScalarType.Float32, change: (name, value) => IsProjection(name) ? Rounded(value) : value);
        string folder = Write(
            type: ScalarType.Float32, name: "int8", change: (name, value) => IsProjection(name) ? Codes(value) : value,
            more: (name, value) => IsProjection(name) ? (name + "_scale", Scale(value)) : null);
        string path = Path.Combine(folder, "config.json");
        JsonObject config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        config["quantization_config"] = new JsonObject { ["quant_method"] = "compressed-tensors" };
        File.WriteAllText(path, config.ToJsonString());
        using ModelPackage package = ModelPackage.Open(folder);
        Assert.False(package.Config.ContainsKey("quantization_config"));
        Assert.Contains("14 weights are quantized (I8)", Assert.Single(package.Notes), StringComparison.Ordinal);
        using (SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, "model.safetensors")))
        {
            Assert.Equal(file.Tensors.Values.Sum(tensor => tensor.ByteLength), package.PublishedBytes);
        }

        Assert.Equal(Logits(plain), Logits(folder));
    }

    [Fact]
    public void Load_IntegersWithoutScales_AreRefused()
    {
        string folder = Write(name: "codes", change: (name, value) => IsProjection(name) ? Codes(value) : value);
        var e = Assert.Throws<CheckpointException>(() => Logits(folder));
        Assert.Contains("I8 codes", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_QuantizationOfPlainWeights_IsNamedAndLeftOut()
    {
        string folder = Write();
        string path = Path.Combine(folder, "config.json");
        JsonObject config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        config["quantization_config"] = new JsonObject { ["quant_method"] = "bitsandbytes", ["load_in_4bit"] = true };
        File.WriteAllText(path, config.ToJsonString());
        using ModelPackage package = ModelPackage.Open(folder);
        Assert.False(package.Config.ContainsKey("quantization_config"));
        Assert.Contains("stored as ordinary numbers", Assert.Single(package.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ArtifactOfOurs_IsNamed()
    {
        string folder = Write();
        string path = Path.Combine(folder, "config.json");
        JsonObject config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        config["hypercompress"] = new JsonObject();
        File.WriteAllText(path, config.ToJsonString());
        var e = Assert.Throws<CheckpointException>(() => Logits(folder));
        Assert.Contains("is an artifact of this program", e.Message, StringComparison.Ordinal);
    }

    private static bool IsProjection(string name) => name.Contains("_proj", StringComparison.Ordinal);

    private static Tensor Scale(Tensor value) => value.abs().amax([1], keepdim: true) / 127;

    private static Tensor Codes(Tensor value) => (value / Scale(value)).round().to(ScalarType.Int8);

    private static Tensor Rounded(Tensor value) => Codes(value).to(ScalarType.Float32) * Scale(value);

    private static long Published(string folder)
    {
        using ModelPackage package = ModelPackage.Open(folder);
        return package.PublishedBytes;
    }

    private static float[] Logits(string folder)
    {
        using ModelPackage package = ModelPackage.Open(folder);
        using LanguageModel model = LanguageModel.Load(package);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return model.Decoder.Forward(tensor(new long[] { 1, 5, 9, 3 }).unsqueeze(0)).data<float>().ToArray();
    }

    private string Write(
        bool tied = true,
        ScalarType type = ScalarType.Float16,
        string? name = null,
        bool copyHead = false,
        (string Name, Tensor Value)? extra = null,
        Func<string, string>? rename = null,
        Func<string, Tensor, Tensor>? change = null,
        Func<string, Tensor, (string, Tensor)?>? more = null)
    {
        using var scope = NewDisposeScope();
        string folder = _scratch.Of(name ?? $"model-{Directory.GetDirectories(_scratch.Path).Length}");
        TinyCheckpoint.Write(folder, type, tied);
        string path = Path.Combine(folder, "model.safetensors");
        List<KeyValuePair<string, Tensor>> tensors = [];
        using (SafetensorsFile file = SafetensorsFile.Open(path))
        {
            foreach (string stored in file.Tensors.Keys)
            {
                Tensor value = file.Read(stored);
                tensors.Add(new(rename?.Invoke(stored) ?? stored, change?.Invoke(stored, value) ?? value));
                if (more?.Invoke(stored, value) is var (added, addedValue))
                {
                    tensors.Add(new(added, addedValue));
                }

                if (copyHead && stored == "model.embed_tokens.weight")
                {
                    tensors.Add(new("lm_head.weight", value.clone()));
                }
            }
        }

        if (extra is var (extraName, extraValue))
        {
            tensors.Add(new(extraName, extraValue));
        }

        SafetensorsWriter.Write(path, tensors);
        extra?.Value.Dispose();
        return folder;
    }
}
