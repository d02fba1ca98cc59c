using Hypercompress.Models.Errors;
using Hypercompress.Models.Generation;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Tests.Transformer;

namespace Hypercompress.Models.Tests.Generation;

[NoTensorLeaks]
public sealed class TextGeneratorTests
{
    private const string Prompt = "Once upon a time, there was a little girl named Lily.";

    [Fact]
    public void Generate_GreedyText_GivesTheReferenceContinuation()
    {
        using LanguageModel model = TinyStories();
        var pieces = new List<string>();
        var options = new SamplingOptions { MaxTokens = 4, IgnoreEnd = true };
        GenerationResult result = Generator(model).Generate(Prompt, options, pieces.Add);
        Assert.Equal([208, 183, 209, 210], result.TokenIds);
        Assert.Equal(10, result.PromptTokens);
        Assert.Equal(StopReason.MaxTokens, result.StopReason);
        Assert.Equal(result.Text, string.Concat(pieces));
        Assert.Equal("<|end_story|>", result.Text);
        Assert.Equal(2 * 2 * 2 * 4 * 16, result.KvBytesPerToken);
    }

    [Fact]
    public void Generate_StopId_EndsTheTextBeforeIt()
    {
        using LanguageModel model = TinyStories();
        GenerationResult result = Generator(model).Generate(Prompt, new() { StopIds = [209] });
        Assert.Equal([208, 183, 209], result.TokenIds);
        Assert.Equal(StopReason.EndToken, result.StopReason);
        Assert.Equal(model.Tokenizer!.Decode([208, 183]), result.Text);
    }

    [Fact]
    public void Generate_ContextRunsFull_StopsAndSaysSo()
    {
        string folder = SharedFiles.Require("golden/arch/llama-tied");
        GoldenModel golden = GoldenModel.Read(Path.Combine(folder, "golden.json"));
        using ModelPackage package = ModelPackage.Open(folder);
        package.Config["max_position_embeddings"] = 15;
        using LanguageModel model = LanguageModel.Load(package);
        int[] prompt = [.. golden.Prompts[0].Select(id => (int)id)];
        GenerationResult result = Generator(model).Generate(prompt, new() { IgnoreEnd = true });
        Assert.Equal(StopReason.ContextFull, result.StopReason);
        Assert.Equal(golden.Greedy[0][..3], result.TokenIds.Select(id => (long)id));
        int[] tooLong = [.. prompt, 1, 2, 3];
        Assert.Throws<ConfigurationException>(() => Generator(model).Generate(tooLong, new()));
    }

    [Fact]
    public void Generate_SameSeed_GivesTheSameText()
    {
        using LanguageModel model = TinyStories();
        var options = new SamplingOptions { MaxTokens = 12, Temperature = 1.5, Seed = 5, IgnoreEnd = true };
        GenerationResult first = Generator(model).Generate(Prompt, options);
        Assert.Equal(first.TokenIds, Generator(model).Generate(Prompt, options).TokenIds);
        Assert.NotEqual(first.TokenIds, Generator(model).Generate(Prompt, options with { Seed = 6 }).TokenIds);
    }

    [Fact]
    public void Generate_OneCandidate_IsGreedy()
    {
        using LanguageModel model = TinyStories();
        var greedy = new SamplingOptions { MaxTokens = 4, IgnoreEnd = true };
        GenerationResult expected = Generator(model).Generate(Prompt, greedy);
        var options = greedy with { Temperature = 2 };
        Assert.Equal(expected.TokenIds, Generator(model).Generate(Prompt, options with { TopK = 1 }).TokenIds);
        Assert.Equal(expected.TokenIds, Generator(model).Generate(Prompt, options with { TopP = 1e-6 }).TokenIds);
    }

    [Fact]
    public void Generate_BadInput_IsRefused()
    {
        using LanguageModel model = TinyStories();
        TextGenerator generator = Generator(model);
        Assert.Throws<ConfigurationException>(() => generator.Generate(Array.Empty<int>(), new()));
        Assert.Throws<ConfigurationException>(() => generator.Generate([2048], new()));
        Assert.Throws<ConfigurationException>(() => generator.Generate([1], new() { MaxTokens = 0 }));
        Assert.Throws<ConfigurationException>(() => generator.Generate([1], new() { TopP = 0 }));
        Assert.Throws<ConfigurationException>(() => generator.Generate([1], new() { Temperature = -1 }));
    }

    [Fact]
    public void Generate_Cancelled_Stops()
    {
        using LanguageModel model = TinyStories();
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Generator(model).Generate(
            Prompt, new() { IgnoreEnd = true }, _ => source.Cancel(), source.Token));
    }

    [Fact]
    public void Follow_EveryToken_HasItsProbabilityAndTheBestOnes()
    {
        using LanguageModel model = TinyStories();
        var tokens = new List<GeneratedToken>();
        var options = new SamplingOptions { MaxTokens = 4, IgnoreEnd = true, LogProbabilities = 2 };

        GenerationResult result = Generator(model).Follow(
            model.Tokenizer!.EncodePrompt(Prompt),
            options,
            token =>
            {
                tokens.Add(token);
                return true;
            });

        Assert.Equal(result.TokenIds, tokens.Select(token => token.Id));
        Assert.All(tokens, token => Assert.Equal(2, token.Best.Length));
        Assert.All(tokens, token => Assert.Equal(token.Best[0], new TokenChoice(token.Id, token.LogProbability!.Value)));
        Assert.All(tokens, token => Assert.InRange(
            Math.Exp(token.Best[0].LogProbability) + Math.Exp(token.Best[1].LogProbability), 0, 1 + 1e-9));
    }

    [Fact]
    public void Follow_ReceiverThatWantsNoMore_EndsTheText()
    {
        using LanguageModel model = TinyStories();
        int told = 0;

        GenerationResult result = Generator(model).Follow(
            model.Tokenizer!.EncodePrompt(Prompt), new() { MaxTokens = 9, IgnoreEnd = true }, _ => ++told < 3);

        Assert.Equal(3, result.TokenIds.Length);
        Assert.Equal(StopReason.Stopped, result.StopReason);
    }

    private static TextGenerator Generator(LanguageModel model) => new(model, TimeProvider.System);

    private static LanguageModel TinyStories()
    {
        using ModelPackage package = ModelPackage.Open(SharedFiles.Require("models/tinystories-656k-hf"));
        return LanguageModel.Load(package);
    }
}
