using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Tests.Transformer;
using Hypercompress.Models.Transformer;

namespace Hypercompress.Models.Tests.Packages;

/// <summary>
/// A tiny checkpoint of every family, laid out as llama.cpp's converter does and read back, gives the same logits.
/// </summary>
[NoTensorLeaks]
public sealed class GgufFamilyTests : IDisposable
{
    private const float Tolerance = 2e-5f;

    private readonly ScratchFolder _folder = new();

    [Theory]
    [InlineData("gemma2")]
    [InlineData("gemma3_text")]
    [InlineData("gpt2")]
    [InlineData("gpt_neox")]
    [InlineData("gpt_neox-seq")]
    [InlineData("llama-bias")]
    [InlineData("llama-headdim")]
    [InlineData("olmo2")]
    [InlineData("phi3")]
    [InlineData("phi3-longrope")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("smollm3")]
    public void Open_FileOfAFamily_GivesTheLogitsOfTheCheckpoint(string name)
    {
        string folder = SharedFiles.Require($"golden/arch/{name}");
        GoldenModel golden = GoldenModel.Read(Path.Combine(folder, "golden.json"));
        using DecoderModel model = Load(folder);
        string file = _folder.Of("model.gguf");
        GgufOfModel.Build(model).Save(file);

        using ModelPackage package = ModelPackage.Open(file);
        using DecoderModel read = DecoderModel.Load(package.ReadDecoderConfig(), package.Tensors);

        Assert.Equal(model.ParameterCount, package.ParameterCount);
        foreach (long[] prompt in golden.Prompts)
        {
            float difference = GoldenModel.LargestDifference(
                GoldenModel.Forward(model, prompt), GoldenModel.Forward(read, prompt));
            Assert.InRange(difference, 0, Tolerance);
        }
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>GGUF has no key for the query scalar, which is the width of a head there.</summary>
    private static DecoderModel Load(string folder)
    {
        string path = Path.Combine(folder, "config.json");
        JsonObject json = JsonFile.ReadObject(path);
        if (json.ContainsKey("query_pre_attn_scalar"))
        {
            json["query_pre_attn_scalar"] = (int)json["head_dim"]!;
        }

        using ITensorSource source = CheckpointFolder.Open(folder);
        return DecoderModel.Load(DecoderConfigReader.Parse(json, path), source);
    }
}
