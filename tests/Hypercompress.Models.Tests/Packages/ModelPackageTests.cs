using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;

namespace Hypercompress.Models.Tests.Packages;

[NoTensorLeaks]
public sealed class ModelPackageTests
{
    [Fact]
    public void Open_HuggingFaceFolder_DescribesTheModel()
    {
        string folder = SharedFiles.Require("models/tinystories-656k-hf");
        using ModelPackage package = ModelPackage.Open(folder + "/");
        Assert.Equal("tinystories-656k-hf", package.Label);
        Assert.Equal(("safetensors", "F32"), (package.Format, package.StoredType));
        Assert.Equal(Path.GetFullPath(folder), package.Location);
        Assert.Equal(4 * package.ParameterCount, package.PublishedBytes);
        Assert.Equal(128, package.ReadDecoderConfig().HiddenSize);
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "tokenizer.json")), package.SideFiles["tokenizer.json"]);
        Assert.DoesNotContain("config.json", package.SideFiles.Keys);
    }

    [Theory]
    [InlineData("llama-bf16", "BF16", 2)]
    [InlineData("llama-f16", "F16", 2)]
    [InlineData("llama-sharded", "F32", 4)]
    public void Open_StoredTypes_AreReported(string name, string type, int bytes)
    {
        string folder = SharedFiles.Require($"golden/arch/{name}");
        using ModelPackage package = ModelPackage.Open(folder);
        Assert.Equal(type, package.StoredType);
        Assert.Equal(bytes * package.ParameterCount, package.PublishedBytes);
    }

    [Fact]
    public void Open_TiedMatrixStoredTwice_IsCountedOnceButPublishedTwice()
    {
        using ModelPackage package = ModelPackage.Open(SharedFiles.Require("golden/arch/llama-bin"));
        Assert.Equal("torch", package.Format);
        Assert.Equal(44784, package.ParameterCount);
    }

    [Fact]
    public void Open_Gguf_StandsForSixteenBits()
    {
        string file = SharedFiles.Require("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
        using ModelPackage package = ModelPackage.Open(Path.GetDirectoryName(file)!);
        Assert.Equal(("gguf", "F16", file), (package.Format, package.StoredType, package.Location));
        Assert.Equal("SmolLM2-135M-Instruct.Q4_1", package.Label);
        Assert.Equal((134_515_008, 269_030_016), (package.ParameterCount, package.PublishedBytes));
        Assert.Equal(1e-5, (double)package.Config["rms_norm_eps"]!);
        TensorInfo query = package.Tensors.Tensors["model.layers.29.self_attn.q_proj.weight"];
        Assert.Equal([576, 576], query.Shape);
        Assert.Equal(["tokenizer.json", "tokenizer_config.json"], package.SideFiles.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Open_FolderWithoutModel_SaysWhatWasLookedFor()
    {
        using var folder = new ScratchFolder();
        var error = Assert.Throws<CheckpointException>(() => ModelPackage.Open(folder.Path));
        const string Expected = "looked for config.json or one .gguf file, found 0";
        Assert.Contains(Expected, error.Message, StringComparison.Ordinal);
        File.WriteAllText(folder.Of("a.gguf"), "");
        File.WriteAllText(folder.Of("b.gguf"), "");
        error = Assert.Throws<CheckpointException>(() => ModelPackage.Open(folder.Path));
        Assert.Contains("found 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NothingThere_IsRefused() =>
        Assert.Throws<CheckpointException>(() => ModelPackage.Open("/no/such/model"));

    [Fact]
    public void Open_ConfigIsNoJson_NamesTheFile()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.Of("config.json"), "{ nope");
        var error = Assert.Throws<CheckpointException>(() => ModelPackage.Open(folder.Path));
        Assert.Equal(folder.Of("config.json"), error.File);
    }

    [Fact]
    public void Open_NumbersOfPython_AreRead()
    {
        string source = SharedFiles.Require("golden/arch/llama-tied");
        using var folder = new ScratchFolder();
        File.Copy(Path.Combine(source, "model.safetensors"), folder.Of("model.safetensors"));
        string config = File.ReadAllText(Path.Combine(source, "config.json")).TrimEnd().TrimEnd('}');
        File.WriteAllText(
            folder.Of("config.json"),
            config + ", \"limit\": [0.0, Infinity, -Infinity], \"none\": NaN, \"text\": \"NaN \\\" Infinity\"}");
        using ModelPackage package = ModelPackage.Open(folder.Path);
        Assert.Equal("llama", package.ReadDecoderConfig().ModelType);
        Assert.Equal("NaN \" Infinity", (string)package.Config["text"]!);
        Assert.Null(package.Config["none"]);
        Assert.Equal(double.PositiveInfinity, (double)package.Config["limit"]![1]!);
    }

    [Fact]
    public void Open_SingleWeightsFile_PointsToItsFolder()
    {
        string file = SharedFiles.Require("golden/arch/llama-tied/model.safetensors");
        var error = Assert.Throws<CheckpointException>(() => ModelPackage.Open(file));
        Assert.Contains("give the folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_GenerationConfigWithSeveralEnds_KeepsAll()
    {
        string source = SharedFiles.Require("golden/arch/llama-tied");
        using var folder = new ScratchFolder();
        foreach (string name in new[] { "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json" })
        {
            File.Copy(Path.Combine(source, name), folder.Of(name));
        }

        Assert.Equal([2], EndIds(folder.Path));
        File.WriteAllText(folder.Of("generation_config.json"), """{"eos_token_id": [2, 9]}""");
        Assert.Equal([2, 9], EndIds(folder.Path));
    }

    private static int[] EndIds(string folder)
    {
        using ModelPackage package = ModelPackage.Open(folder);
        using LanguageModel model = LanguageModel.Load(package);
        return [.. model.EndTokenIds];
    }
}
