using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Exports;
using Hypercompress.Exports.HuggingFace;
using Hypercompress.Exports.Registry;
using Hypercompress.Forms;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Registry;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Exports.HuggingFace;

[NoTensorLeaks]
public sealed class QuantizedExportTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void Pack_ReferenceCodes_GivesReferenceWords(int bits)
    {
        using JsonDocument golden = JsonDocument.Parse(
            File.ReadAllText(SharedFiles.Require("golden/compressed_tensors_vectors.json")));
        JsonElement vector = golden.RootElement.GetProperty("pack").EnumerateArray().First(
            item => item.GetProperty("bits").GetInt32() == bits);
        int[][] values = vector.GetProperty("values").Deserialize<int[][]>()!;
        int[][] words = vector.GetProperty("dense_words").Deserialize<int[][]>()!;
        using var scope = NewDisposeScope();
        byte[] shifted = [.. values.SelectMany(row => row).Select(value => (byte)(value + (1 << (bits - 1))))];
        Tensor codes = BitPacking.Pack(tensor(shifted, [values.Length, values[0].Length], ScalarType.Byte), bits);

        Tensor packed = PackedCodes.Pack(codes, PackedCodes.Words(values[0].Length, bits));

        Assert.Equal(words.SelectMany(row => row), packed.data<int>().ToArray());
        Assert.True(codes.equal(PackedCodes.Unpack(packed, values[0].Length, bits)).all().item<bool>());
    }

    [Theory]
    [InlineData("llama-tied", "int8-g16")]
    [InlineData("llama-untied", "int4-g16")]
    [InlineData("qwen2", "int4-g1024")]
    [InlineData("phi3", "int8-g16")]
    public void Export_OfUniformCodes_KeepsThem(string name, string format)
    {
        using OpenModel opened = Coded(
            name, (_, values) => DenseForm.From(values, NumberFormatRegistry.Standard.Parse(format)));

        ExportResult result = Export(opened, null);

        Assert.InRange(result.MaximumLogitError!.Value, 0, 2e-4);
        using ITensorSource tensors = CheckpointFolder.Open(result.Path);
        Assert.Contains(
            tensors.Tensors, tensor =>
            tensor.Key.EndsWith("mlp.down_proj.weight_packed", StringComparison.Ordinal)
            && tensor.Value.DataType == "I32");
        JsonNode weights = Config(result)["config_groups"]!["group_0"]!["weights"]!;
        Assert.Equal(format[3] - '0', (int)weights["num_bits"]!);
        Assert.Equal(
            format.EndsWith("1024", StringComparison.Ordinal) ? "channel" : "group", (string?)weights["strategy"]);
        Assert.Contains("lm_head", Config(result)["ignore"]!.AsArray().Select(item => (string?)item));
    }

    [Fact]
    public void Export_OfPlainLayersAmongCodes_IgnoresThem()
    {
        using OpenModel opened = Coded("llama-tied", (slot, values) => DenseForm.From(
            values, slot.Layer == 0 ? FloatFormat.Float32 : NumberFormatRegistry.Standard.Parse("int8-g16")));

        ExportResult result = Export(opened, null);

        Assert.InRange(result.MaximumLogitError!.Value, 0, 2e-4);
        Assert.Contains(
            "model.layers.0.mlp.up_proj", Config(result)["ignore"]!.AsArray().Select(item => (string?)item));
    }

    [Theory]
    [InlineData("int8", 1)]
    [InlineData("int4", 10)]
    public void Export_RoundedAnew_HoldsAnyModel(string quant, double tolerance)
    {
        using OpenModel opened = FormedModel.Open(
            FormedModel.Write(SharedFiles.Require("golden/arch/llama-tied"), _folder.Of("artifact")));

        Assert.InRange(Export(opened, quant).MaximumLogitError!.Value, 1e-4, tolerance);
    }

    [Theory]
    [InlineData("up_proj", "uint4-g16", "up_proj is stored as uint4-g16")]
    [InlineData("up_proj", "ec4", "up_proj is stored as ec4")]
    [InlineData("q_proj", "int8-g24", "groups of 24 do not divide")]
    [InlineData("v_proj", "low-rank", "kv_proj is stored as low-rank")]
    [InlineData("gate_proj", "int8-g32", "stored differently")]
    public void Create_WithASiteThatDoesNotFit_NamesIt(string place, string format, string inMessage)
    {
        string site = place == "v_proj" ? "kv_proj" : place;
        using OpenModel opened = Coded("llama-tied", (slot, values) => !slot.Name.EndsWith(
            site, StringComparison.Ordinal)
            ? DenseForm.From(values, NumberFormatRegistry.Standard.Parse("int4-g16"))
            : format == "low-rank" ? FormedModel.LowRank(values, 4)
                : DenseForm.From(values, NumberFormatRegistry.Standard.Parse(format)));

        ConfigurationException refusal = Assert.Throws<ConfigurationException>(() => Export(opened, null));

        Assert.Contains(inMessage, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--for vllm, or give --quant int8", refusal.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder.Of("exported")));
    }

    [Fact]
    public void Create_OfAnArchitectureWithTransposedWeights_IsRefused()
    {
        using OpenModel opened = FormedModel.Open(SharedFiles.Require("golden/arch/gpt2"));

        string message = Assert.Throws<ConfigurationException>(() => Export(opened, "int8")).Message;

        Assert.Contains("transposed", message, StringComparison.Ordinal);
        Assert.EndsWith("Use --format hf-dense", message, StringComparison.Ordinal);
    }

    private static JsonNode Config(ExportResult result) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(result.Path, "config.json")))!["quantization_config"]!;

    private OpenModel Coded(string name, Func<WeightSlot, Tensor, FormMatrix> form) =>
        FormedModel.Open(FormedModel.Write(SharedFiles.Require($"golden/arch/{name}"), _folder.Of("artifact"), form));

    private ExportResult Export(OpenModel opened, string? quant) => new ModelExporter(_ => { }).Export(
        opened, ExportFormats.Find("hf-quant"),
        new ExportRequest(_folder.Of("exported"), ScalarType.Float32, quant, Verify: true));
}
