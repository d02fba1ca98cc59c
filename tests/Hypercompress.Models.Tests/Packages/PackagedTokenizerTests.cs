using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Models.Tests.Packages;

public sealed class PackagedTokenizerTests
{
    private const string Json = """{"model":{"type":"BPE","vocab":{"a":0,"b":1},"merges":[]}}""";

    [Theory]
    [InlineData("gpt-2", "Hello world", new[] { 15496, 995 })]
    [InlineData("llama-spm", "Hello world", new[] { 1, 15043, 3186 })]
    [InlineData("phi-3", "Hello<|end|>", new[] { 1, 15043, 32007 })]
    public void Open_VocabularyOnlyGguf_NeedsNoWeights(string name, string text, int[] expected) => Assert.Equal(
        expected, PackagedTokenizer.Open(SharedFiles.Require($"models/gguf-vocab/ggml-vocab-{name}.gguf"))
            .Encode(text));

    [Theory]
    [InlineData("llama2", new[] { 1, 15043 })]
    [InlineData("llama2/tokenizer.model", new[] { 1, 15043 })]
    [InlineData("gpt2", new[] { 15496 })]
    [InlineData("llama3/tokenizer.json", new[] { 128000, 9906 })]
    public void Open_TokenizerFiles_NeedNoModel(string path, int[] expected) =>
        Assert.Equal(expected, PackagedTokenizer.Open(SharedFiles.Require($"tokenizers/{path}")).Encode("Hello"));

    [Fact]
    public void Open_FileByName_HeedsTheSettingsBesideIt()
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Write("other.json", Json);
        scratch.Write("tokenizer_config.json", """{"eos_token":"b"}""");
        ITokenizer tokenizer = PackagedTokenizer.Open(path);
        Assert.Equal([0], tokenizer.Encode("a"));
        Assert.Equal(1, tokenizer.EosTokenId);
    }

    [Fact]
    public void Open_NothingThere_SaysWhatWasLookedFor()
    {
        using var scratch = new ScratchFolder();
        Assert.Contains("tokenizer.model", Refusal(scratch.Path), StringComparison.Ordinal);
        Assert.Contains("does not exist", Refusal(scratch.Of("absent/x.json")), StringComparison.Ordinal);
        Assert.Contains("is not a tokenizer", Refusal(scratch.Write("x.txt", "")), StringComparison.Ordinal);
    }

    private static string Refusal(string path) =>
        Assert.Throws<CheckpointException>(() => PackagedTokenizer.Open(path)).Message;
}
