using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Packages.Gguf;
using Hypercompress.Models.Tests.Transformer;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Tests.Packages.Gguf;

[NoTensorLeaks]
public sealed class GgufModelWriterTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("llama-tied")]
    [InlineData("llama-untied")]
    [InlineData("llama-bias")]
    [InlineData("llama-headdim")]
    [InlineData("llama-linear-rope")]
    [InlineData("llama-yarn")]
    [InlineData("llama3-rope")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("gpt2")]
    [InlineData("gpt_neox")]
    [InlineData("gpt_neox-seq")]
    [InlineData("gemma2")]
    [InlineData("gemma3_text")]
    [InlineData("phi3")]
    [InlineData("phi3-longrope")]
    [InlineData("olmo2")]
    [InlineData("smollm3")]
    public void Write_TinyCheckpointOfEveryFamily_ReadsBackWithItsLogits(string name)
    {
        string source = SharedFiles.Require($"golden/arch/{name}");
        using ModelPackage package = ModelPackage.Open(source);
        using LanguageModel model = LanguageModel.Load(package);
        var writer = new GgufModelWriter(model.Decoder, package.Config, package.SideFiles, name, GgmlType.F32);

        writer.Write(_folder.Of("model.gguf"));

        using ModelPackage read = ModelPackage.Open(_folder.Of("model.gguf"));
        using LanguageModel copy = LanguageModel.Load(read);
        GoldenModel golden = GoldenModel.Read(Path.Combine(source, "golden.json"));
        foreach (long[] prompt in golden.Prompts)
        {
            float[] own = GoldenModel.Forward(model.Decoder, prompt);
            Assert.InRange(GoldenModel.LargestDifference(own, GoldenModel.Forward(copy.Decoder, prompt)), 0, 1e-4);
        }
    }

    // llama.cpp opens a file without a tokenizer only when it says so.
    [Fact]
    public void Write_WithoutATokenizer_SaysThatThereIsNone()
    {
        using ModelPackage package = ModelPackage.Open(SharedFiles.Require("golden/arch/llama-mha"));
        using LanguageModel model = LanguageModel.Load(package);
        var writer = new GgufModelWriter(model.Decoder, package.Config, package.SideFiles, "mha", GgmlType.F32);

        writer.Write(_folder.Of("model.gguf"));

        Assert.Contains(writer.Notes, note => note.Contains("no tokenizer", StringComparison.Ordinal));
        using var file = GgufFile.Open(_folder.Of("model.gguf"));
        Assert.Equal("none", file.Metadata.FindString("tokenizer.ggml.model"));
        Assert.Equal(model.Decoder.Config.VocabularySize, file.Metadata.FindInteger("llama.vocab_size"));
        using ModelPackage read = ModelPackage.Open(_folder.Of("model.gguf"));
        Assert.Empty(read.SideFiles);
        using LanguageModel copy = LanguageModel.Load(read);
        Assert.Null(copy.Tokenizer);
    }

    [Theory]
    [InlineData("mistral-sliding", "has no attention window")]
    [InlineData("llama-dynamic-rope", "no dynamic rotary scaling")]
    public void Write_WhatHoldsForShortTextsOnly_SaysSo(string name, string inNotes)
    {
        using ModelPackage package = ModelPackage.Open(SharedFiles.Require($"golden/arch/{name}"));
        using LanguageModel model = LanguageModel.Load(package);

        var writer = new GgufModelWriter(model.Decoder, package.Config, package.SideFiles, name, GgmlType.F32);

        Assert.Contains(writer.Notes, note => note.Contains(inNotes, StringComparison.Ordinal));
        writer.Write(_folder.Of("model.gguf"));
        using ModelPackage read = ModelPackage.Open(_folder.Of("model.gguf"));
        using LanguageModel copy = LanguageModel.Load(read);
        Assert.InRange(
            GoldenModel.LargestDifference(
                GoldenModel.Forward(model.Decoder, [3, 9, 4]), GoldenModel.Forward(copy.Decoder, [3, 9, 4])), 0, 1e-4);
    }

    [Fact]
    public void Create_WithTokensThatTheFormatCannotDescribe_NamesThemAndWhatItMeans()
    {
        using ModelPackage package = ModelPackage.Open(SharedFiles.Require("models/tinystories-656k-hf"));
        using LanguageModel model = LanguageModel.Load(package);

        var writer = new GgufModelWriter(model.Decoder, package.Config, package.SideFiles, "stories", GgmlType.F32);

        string note = Assert.Single(writer.Notes);
        Assert.StartsWith(
            "special tokens '<unk>', '<|start_story|>', '<|end_story|>' cannot be reproduced exactly", note,
            StringComparison.Ordinal);
        Assert.Contains("no place for 'normalized' of tokenizer.json", note, StringComparison.Ordinal);
        Assert.Contains("as in \"a<unk>b\", into other tokens", note, StringComparison.Ordinal);
        Assert.EndsWith("all other text is read as before", note, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_WithWhatTheFormatCanNotSay_IsRefusedBeforeWriting()
    {
        using ModelPackage package = ModelPackage.Open(SharedFiles.Require("golden/arch/llama-tied"));
        JsonObject config = package.Config.DeepClone().AsObject();
        config["hidden_act"] = "gelu";
        string folder = _folder.Copy(package.Location, "gelu");
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        using ModelPackage changed = ModelPackage.Open(folder);
        using LanguageModel model = LanguageModel.Load(changed);

        ConfigurationException refusal = Assert.Throws<ConfigurationException>(
            () => new GgufModelWriter(model.Decoder, changed.Config, changed.SideFiles, "gelu", GgmlType.F32));

        Assert.Contains("hidden_act", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("golden/arch/llama-tied")]
    [InlineData("golden/arch/qwen2")]
    [InlineData("golden/arch/gpt2")]
    public void Write_Tokenizer_ReadsBackWithItsIds(string name)
    {
        ITokenizer copy = WriteAndReadTokenizer(name);

        JsonNode golden = JsonNode.Parse(File.ReadAllText(SharedFiles.Require(name + "/tokenizer_golden.json")))!;
        foreach (JsonNode? item in golden["cases"]!.AsArray())
        {
            Assert.Equal(item!["ids_special"]!.AsArray().Select(id => (int)id!), copy.Encode((string)item["text"]!));
        }
    }

    [Fact]
    public void Write_TokenizerWithByteFallback_ReadsBackWithItsIds()
    {
        const string Name = "models/tinystories-656k-hf";
        ITokenizer copy = WriteAndReadTokenizer(Name);

        ITokenizer own = TokenizerJson.Load(SharedFiles.Require(Name + "/tokenizer.json"));
        string[] texts =
            ["Once upon a time there was a Ünïcode  cat.\n\n", "  two", "", "a <s> b", "世界 1999!?", "<0x0A>"];
        foreach (string text in texts)
        {
            Assert.Equal(own.Encode(text, false), copy.Encode(text, false));
        }
    }

    private ITokenizer WriteAndReadTokenizer(string name)
    {
        using ModelPackage package = ModelPackage.Open(SharedFiles.Require(name));
        using LanguageModel model = LanguageModel.Load(package);
        new GgufModelWriter(model.Decoder, package.Config, package.SideFiles, "model", GgmlType.F16)
            .Write(_folder.Of("model.gguf"));
        using ModelPackage read = ModelPackage.Open(_folder.Of("model.gguf"));
        return read.ReadTokenizer()!;
    }
}
