using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Exports;
using Hypercompress.Exports.Onnx;
using Hypercompress.Exports.Registry;
using Hypercompress.Models.Generation;
using Hypercompress.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Exports.Onnx;

[NoTensorLeaks]
public sealed class OnnxExportTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("llama-tied")]
    [InlineData("llama-untied")]
    [InlineData("llama-bias")]
    [InlineData("llama-headdim")]
    [InlineData("llama-mha")]
    [InlineData("llama-linear-rope")]
    [InlineData("llama-yarn")]
    [InlineData("llama3-rope")]
    [InlineData("llama-dynamic-rope")]
    [InlineData("mistral-sliding")]
    [InlineData("smollm3")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("gpt2")]
    [InlineData("gpt_neox")]
    [InlineData("gpt_neox-seq")]
    [InlineData("gemma2")]
    [InlineData("gemma3_text")]
    [InlineData("phi3")]
    [InlineData("olmo2")]
    public void Export_TinyCheckpointOfEveryFamily_RunsTokenByToken(string name)
    {
        string source = SharedFiles.Require($"golden/arch/{name}");
        using OpenModel opened = Open(source);

        ExportResult result = Export(opened, ScalarType.Float32);

        Assert.InRange(result.MaximumLogitError!.Value, 0, 2e-4);
        JsonNode golden = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "golden.json")))!;
        using var session = new OnnxSession(result.Path, opened.Model.Decoder.Config);
        for (int prompt = 0; prompt < 2; prompt++)
        {
            session.Restart();
            long[] ids = golden["prompts"]![prompt].Deserialize<long[]>()!;
            Assert.Equal(golden["greedy"]![prompt].Deserialize<long[]>()!, Greedy(session, ids, 16));
        }
    }

    [Fact]
    public void Export_BuiltInModel_TellsTheSameStory()
    {
        using OpenModel opened = Open(StoryModel.BuiltInModelTests.Folder);
        ExportResult result = Export(opened, ScalarType.Float32);
        int[] prompt = opened.Model.Tokenizer!.Encode("Once upon a time");
        using var session = new OnnxSession(result.Path, opened.Model.Decoder.Config);

        long[] told = Greedy(session, [.. prompt.Select(id => (long)id)], 40);

        var options = new SamplingOptions { MaxTokens = 40, IgnoreEnd = true };
        GenerationResult own = new TextGenerator(opened.Model, TimeProvider.System).Generate(prompt, options);
        Assert.Equal(own.TokenIds.Select(id => (long)id), told);
    }

    [Fact]
    public void Export_InHalfPrecision_HalvesTheBytes()
    {
        using OpenModel opened = Open(SharedFiles.Require("golden/arch/llama-tied"));
        long single = Export(opened, ScalarType.Float32).Bytes;

        ExportResult half = Export(opened, ScalarType.Float16);

        Assert.InRange(half.Bytes, 0.5 * single, 0.55 * single);
        Assert.InRange(half.MaximumLogitError!.Value, 0, 0.05);
    }

    [Fact]
    public void Export_PastTheLengthOfOneRotation_TakesTheOther()
    {
        using OpenModel opened = Open(SharedFiles.Require("golden/arch/phi3-longrope"));
        ExportResult result = Export(opened, ScalarType.Float32);
        using var session = new OnnxSession(result.Path, opened.Model.Decoder.Config);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (int count in new[] { opened.Model.Decoder.Config.Rope!.OriginalMaxPositions, 40 })
        {
            session.Restart();
            Tensor ids = arange(count, dtype: ScalarType.Int64).unsqueeze(0);
            Tensor difference = opened.Model.Decoder.Forward(ids) - session.Append(ids.data<long>().ToArray());
            Assert.InRange(difference.abs().max().item<float>(), 0, 2e-4);
        }
    }

    [Theory]
    [InlineData("llama-tied")]
    [InlineData("llama-untied")]
    [InlineData("gpt2")]
    public void Export_RoundedToFourBits_ComputesWithTheRoundedMatrices(string name)
    {
        using OpenModel opened = Open(SharedFiles.Require($"golden/arch/{name}"));
        long single = Export(opened, ScalarType.Float32).Bytes;

        ExportResult result = Export(opened, ScalarType.Float32, "int4");

        Assert.InRange(result.Bytes, 0.1 * single, 0.8 * single);
        Assert.InRange(result.MaximumLogitError!.Value, 1e-3, 10);
        using DecoderModel rounded = OnnxRounding.Copy(opened.Model.Decoder);
        using var session = new OnnxSession(result.Path, opened.Model.Decoder.Config);
        Assert.InRange(LogitComparison.Largest(rounded, ids => session.Append(ids.data<long>().ToArray())), 0, 2e-4);
    }

    [Fact]
    public void Export_WritesWhatGenaiReads()
    {
        using OpenModel opened = Open(SharedFiles.Require("golden/arch/llama-tied"));

        string path = Export(opened, ScalarType.Float32).Path;

        JsonNode genai = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "genai_config.json")))!;
        Assert.Equal("llama", (string?)genai["model"]!["type"]);
        Assert.Equal(opened.Model.Decoder.Config.Layers, (int)genai["model"]!["decoder"]!["num_hidden_layers"]!);
        Assert.False((bool)genai["search"]!["past_present_share_buffer"]!);
        Assert.True(File.Exists(Path.Combine(path, "tokenizer.json")));
        Assert.Equal("onnx/model.onnx", (string?)genai["model"]!["decoder"]!["filename"]);
        Assert.True(File.Exists(Path.Combine(path, "onnx", "model.onnx_data")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Export_OfATokenizerWithoutABeginToken_SaysThatGenaiAddsOne(bool begins)
    {
        string model = _folder.Of("model");
        Directory.CreateDirectory(model);
        foreach (string file in Directory.GetFiles(SharedFiles.Require("models/tinystories-656k-hf")))
        {
            File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
        }

        string tokenizer = Path.Combine(model, "tokenizer.json");
        JsonNode json = JsonNode.Parse(File.ReadAllText(tokenizer))!;
        json["post_processor"] = begins ? json["post_processor"]!.DeepClone() : null;
        File.WriteAllText(tokenizer, json.ToJsonString());
        string settings = Path.Combine(model, "tokenizer_config.json");
        JsonNode config = JsonNode.Parse(File.ReadAllText(settings))!;
        config["add_bos_token"] = begins;
        File.WriteAllText(settings, config.ToJsonString());
        using OpenModel opened = Open(model);

        var export = new OnnxExport(opened, new ExportRequest("x", ScalarType.Float32, null, Verify: false));

        Assert.Equal(begins ? [] : [true], export.Notes.Select(note => note.Contains("begin-of-sequence")));
    }

    private static OpenModel Open(string path) => OpenModel.Open(path, new BranchRegistry().CreateCatalog());

    private ExportResult Export(OpenModel opened, ScalarType type, string? quant = null) =>
        new ModelExporter(_ => { }).Export(
        opened, ExportFormats.Find("onnx"),
        new ExportRequest(_folder.Of($"onnx-{type}-{quant}"), type, quant, Verify: true));

    private static long[] Greedy(OnnxSession session, long[] prompt, int count)
    {
        using var scope = NewDisposeScope();
        var made = new List<long>();
        Tensor logits = session.Append(prompt);
        while (made.Count < count)
        {
            made.Add(logits[0, -1].argmax().item<long>());
            logits = session.Append([made[^1]]);
        }

        return [.. made];
    }
}
