using Hypercompress.Models.Errors;
using Hypercompress.Models.Generation;
using Hypercompress.Models.Inference;
using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Packages;

namespace Hypercompress.Models.Tests.Generation;

public sealed class SpeculationTests
{
    [Theory]
    [InlineData(1, CacheFormat.Half)]
    [InlineData(4, CacheFormat.Half)]
    [InlineData(6, CacheFormat.Byte)]
    public void Generate_BestTokens_AreThoseWithoutADraft(int proposals, CacheFormat format)
    {
        using Pair pair = Pair.Open();
        var cache = new CacheOptions { Format = format };
        var options = new SamplingOptions { MaxTokens = 150, IgnoreEnd = true };
        TextGenerator alone = new(pair.Text, pair.Large, TimeProvider.System, cache);
        TextGenerator together =
            new(pair.Text, pair.Large, TimeProvider.System, cache, new Draft(pair.Text, pair.Small, proposals));
        (int proposed, int accepted) = (0, 0);
        foreach (int[] prompt in new int[][] { [5, 9, 200, 31], [700], [12, 44, 8, 90, 17, 300, 2, 21, 60] })
        {
            GenerationResult found = together.Generate(prompt, options);
            Assert.Equal(alone.Generate(prompt, options).TokenIds, found.TokenIds);
            SpeculationResult speculation = Assert.IsType<SpeculationResult>(found.Speculation);
            (proposed, accepted) = (proposed + speculation.Proposed, accepted + speculation.Accepted);
        }

        Assert.InRange(accepted, 1, proposed - 1);
    }

    [Fact]
    public void Generate_ModelAsItsOwnDraft_TakesEveryProposal()
    {
        using Pair pair = Pair.Open();
        TextGenerator generator =
            new(pair.Text, pair.Large, TimeProvider.System, draft: new Draft(pair.Text, pair.Large));
        var options = new SamplingOptions { MaxTokens = 60, IgnoreEnd = true };
        GenerationResult found = generator.Generate([5, 9, 200], options);
        Assert.Equal(found.Speculation!.Proposed, found.Speculation.Accepted);
        Assert.Equal(60, found.TokenIds.Length);
    }

    [Fact]
    public void Generate_AtATemperature_GivesTheSameTextForASeed()
    {
        using Pair pair = Pair.Open();
        TextGenerator generator =
            new(pair.Text, pair.Large, TimeProvider.System, draft: new Draft(pair.Text, pair.Small));
        var options = new SamplingOptions { MaxTokens = 80, Temperature = 0.9, TopP = 0.9, Seed = 7, IgnoreEnd = true };
        Assert.Equal(generator.Generate([5, 9], options).TokenIds, generator.Generate([5, 9], options).TokenIds);
    }

    [Fact]
    public void Draft_OfAnotherVocabularyOrTooManyProposals_IsRefused()
    {
        using Pair pair = Pair.Open();
        ModelText other = pair.Text with { Config = pair.Text.Config with { VocabularySize = 77 } };
        Assert.Throws<ConfigurationException>(() => new Draft(other, pair.Small).Validate(pair.Text));
        Assert.Throws<ConfigurationException>(() => new Draft(pair.Text, pair.Small, 7).Validate(pair.Text));
    }

    // The small model is the large one with all its matrices but the embedding rounded to few levels.
    private sealed record Pair(ModelText Text, IntegerDecoder Large, IntegerDecoder Small) : IDisposable
    {
        public static Pair Open()
        {
            using ModelPackage package = ModelPackage.Open(SharedFiles.Require("models/tinystories-656k-hf"));
            using LanguageModel model = LanguageModel.Load(package);
            IntegerDecoder large = IntegerDecoder.Of(model.Decoder, 1);
            using (TorchSharp.torch.no_grad())
            {
                foreach (var parameter in model.Decoder.Slots.Skip(1).SelectMany(slot => slot.Matrix.Parameters))
                {
                    using var scope = TorchSharp.torch.NewDisposeScope();
                    var step = parameter.abs().mean() * 0.6;
                    parameter.copy_((parameter / step).round() * step);
                }
            }

            return new Pair(model.Text, large, IntegerDecoder.Of(model.Decoder, 1));
        }

        public void Dispose()
        {
            Large.Dispose();
            Small.Dispose();
        }
    }
}
