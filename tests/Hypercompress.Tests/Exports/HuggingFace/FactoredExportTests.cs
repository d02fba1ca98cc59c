using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Exports;
using Hypercompress.Exports.HuggingFace;
using Hypercompress.Exports.Registry;
using Hypercompress.Forms;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Families;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Registry;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Exports.HuggingFace;

[NoTensorLeaks]
public sealed class FactoredExportTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public static TheoryData<string> Families =>
    [
        "llama-untied", "llama-tied", "llama-bias", "mistral-sliding", "smollm3", "qwen2", "qwen3", "gpt2", "gpt_neox",
        "gemma2",
        "gemma3_text", "phi3", "olmo2",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Families))]
    public void Export_OfEveryFormInEveryFamily_ReadsBackAsTheSameModel(string name)
    {
        string artifact = FormedModel.Write(SharedFiles.Require($"golden/arch/{name}"), _folder.Of("artifact"));
        using OpenModel opened = FormedModel.Open(artifact);

        ExportResult decoded = Export(opened, "hf", null);
        ExportResult kept = Export(opened, "hf", "keep");

        Assert.InRange(decoded.MaximumLogitError!.Value, 0, 2e-4);
        Assert.InRange(kept.MaximumLogitError!.Value, 0, 2e-4);
        Assert.True(kept.Bytes < 0.8 * decoded.Bytes, $"{kept.Bytes} bytes of codes, {decoded.Bytes} bytes of numbers");
    }

    [Theory]
    [InlineData("llama-tied")]
    [InlineData("gpt2")]
    [InlineData("gemma2")]
    public void OtherExports_OfEveryForm_ReadBackAsTheSameModel(string name)
    {
        string artifact = FormedModel.Write(SharedFiles.Require($"golden/arch/{name}"), _folder.Of("artifact"));
        using OpenModel opened = FormedModel.Open(artifact);

        Assert.InRange(Export(opened, "hf-dense", null).MaximumLogitError!.Value, 0, 2e-4);
        Assert.InRange(Export(opened, "gguf", null).MaximumLogitError!.Value, 0, 2e-4);
        Assert.InRange(Export(opened, "onnx", "keep").MaximumLogitError!.Value, 0, 5e-4);
    }

    [Fact]
    public void Export_OfFactors_HasTheNamesOfTwoLinearLayers()
    {
        string artifact = FormedModel.Write(SharedFiles.Require("golden/arch/llama-bias"), _folder.Of("artifact"));
        using OpenModel opened = FormedModel.Open(artifact);

        string path = Export(opened, "hf", null).Path;

        using ITensorSource tensors = CheckpointFolder.Open(path);
        int hidden = opened.Model.Decoder.Config.HiddenSize;
        Assert.Equal([8, hidden], tensors.Tensors["model.layers.0.self_attn.k_proj.first.weight"].Shape.AsEnumerable());
        Assert.Equal(
            [opened.Model.Decoder.Config.KeyRows, 8],
            tensors.Tensors["model.layers.0.self_attn.v_proj.second.weight"].Shape.AsEnumerable());
        Assert.True(tensors.Tensors.ContainsKey("model.layers.0.self_attn.k_proj.second.bias"));
        Assert.Equal([hidden, 8], tensors.Tensors["model.embed_tokens.second.weight"].Shape.AsEnumerable());
        JsonNode config = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "config.json")))!;
        Assert.Equal("hypercompress_llama", (string?)config["model_type"]);
        Assert.Equal(
            "modeling_hypercompress.HypercompressLlamaForCausalLM",
            (string?)config["auto_map"]!["AutoModelForCausalLM"]);
        Assert.Equal(6, (int)config["hypercompress"]!["modules"]!["model.layers.0.self_attn.q_proj"]!["rank"]!);
    }

    [Fact]
    public void Export_OfATiedCodedEmbedding_KeepsOneTable()
    {
        string artifact = FormedModel.Write(
            SharedFiles.Require("golden/arch/llama-tied"),
            _folder.Of("artifact"),
            (_, values) => DenseForm.From(values, NumberFormatRegistry.Standard.Parse("int8-g32")));
        using OpenModel opened = FormedModel.Open(artifact);

        ExportResult kept = Export(opened, "hf", "keep");

        Assert.InRange(kept.MaximumLogitError!.Value, 0, 2e-4);
        Assert.Contains(
            "\"tokenizer_class\"", File.ReadAllText(Path.Combine(kept.Path, "tokenizer_config.json")),
            StringComparison.Ordinal);
        using ITensorSource tensors = CheckpointFolder.Open(kept.Path);
        Assert.Equal("U8", tensors.Tensors["model.embed_tokens.stored.codes"].DataType);
        Assert.DoesNotContain(tensors.Tensors.Keys, key => key.StartsWith("lm_head", StringComparison.Ordinal));
        Assert.InRange(Export(opened, "onnx", "keep").MaximumLogitError!.Value, 0, 2e-4);
    }

    [Fact]
    public void ModelingFile_KnowsEveryFamily()
    {
        string source = FactoredExport.Source("configuration_hypercompress");

        Assert.All(ArchitectureFamilies.All, family => Assert.Contains(
            $"\"{family.ModelClass}\": \"{family.ModelType}\"", source, StringComparison.Ordinal));
    }

    private ExportResult Export(OpenModel opened, string format, string? quant)
    {
        ExportFormat found = ExportFormats.Find(format);
        return new ModelExporter(_ => { }).Export(
            opened,
            found,
            new ExportRequest(
                _folder.Of($"{format}-{quant}{found.Extension}"), ScalarType.Float32, quant, Verify: true));
    }
}
