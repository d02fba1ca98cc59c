using System.Collections.Immutable;
using Hypercompress.Evaluation.Benchmarks.Scoring;
using Hypercompress.Models.Generation;
using Hypercompress.Models.Packages;

namespace Hypercompress.Tests.Evaluation.Benchmarks.Scoring;

[NoTensorLeaks]
public sealed class GreedyGeneratorTests : IDisposable
{
    private const int MaxTokens = 12;
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Generate_OfManyTexts_GivesWhatEachGivesAlone()
    {
        using LanguageModel model = Model();
        ImmutableArray<int>[] prompts =
            [[31, 32, 33], [31, 32, 33, 34, 40], [31], .. Enumerable.Range(35, 12)
                .Select(id => ImmutableArray.Create(31, id))];
        int done = 0;
        ImmutableArray<string> texts = new GreedyGenerator(model, model.Tokenizer!).Generate(
            [.. prompts.Select(prompt => new GenerationRequest(prompt, [], MaxTokens))], count => done += count);

        var alone = new TextGenerator(model, TimeProvider.System);
        Assert.Equal(
            prompts.Select(
                prompt => alone.Generate(prompt, new SamplingOptions { MaxTokens = MaxTokens }).Text), texts);
        Assert.Equal(prompts.Length, done);
        Assert.True(texts.Distinct().Count() > 3);
    }

    [Fact]
    public void Generate_UpToAStopString_IsCutBeforeIt()
    {
        using LanguageModel model = Model();
        var generator = new GreedyGenerator(model, model.Tokenizer!);
        string whole = generator.Generate([new([31, 32, 33], [], MaxTokens)]).Single();
        string stop = whole.Substring(whole.Length / 2, 2);
        string cut = generator.Generate([new([31, 32, 33], ["never there", stop], MaxTokens)]).Single();
        Assert.Equal(whole[..whole.IndexOf(stop, StringComparison.Ordinal)], cut);
    }

    private LanguageModel Model()
    {
        using ModelPackage package = ModelPackage.Open(TinyCheckpoint.Write(_scratch.Of("model")));
        return LanguageModel.Load(package);
    }
}
