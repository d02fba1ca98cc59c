using Hypercompress.Models.Generation;
using Hypercompress.Models.Inference;
using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Packages;

namespace Hypercompress.Models.Tests.Generation;

public sealed class PrefixTests
{
    private static readonly SamplingOptions Options = new()
    {
        MaxTokens = 20,
        IgnoreEnd = true,
        LogProbabilities = 0,
    };

    [Theory]
    [InlineData(CacheFormat.Half, 0.001)]
    [InlineData(CacheFormat.Byte, 0.03)]
    public void Generate_ATextThatGoesOn_ComputesOnlyWhatIsNewAndGivesTheSame(CacheFormat format, double rounding)
    {
        using Opened opened = Opened.Model();
        var cache = new CacheOptions { Format = format };
        int[] first = [.. Enumerable.Range(0, 40).Select(i => 3 + (i * 7 % 200))];
        GenerationResult reply = opened.Generator(cache).Generate(first, Options);
        int[] second = [.. first, .. reply.TokenIds, 9, 11, 13];

        (GenerationResult found, List<GeneratedToken> tokens) = Follow(opened.Generator(cache), second);
        using Opened fresh = Opened.Model();
        (GenerationResult wanted, List<GeneratedToken> expected) = Follow(fresh.Generator(cache), second);

        // The last token of the reply was chosen but never read.
        Assert.Equal(first.Length + reply.TokenIds.Length - 1, found.KnownTokens);
        Assert.Equal(0, wanted.KnownTokens);
        Assert.Equal(wanted.TokenIds, found.TokenIds);
        Assert.All(
            expected.Zip(tokens),
            pair => Assert.Equal(pair.First.LogProbability!.Value, pair.Second.LogProbability!.Value, rounding));
    }

    [Fact]
    public void Generate_TheSameTextAgain_ComputesItsLastToken()
    {
        using Opened opened = Opened.Model();
        TextGenerator generator = opened.Generator(new CacheOptions());
        GenerationResult first = generator.Generate([5, 9, 200, 31], Options);
        GenerationResult second = generator.Generate([5, 9, 200, 31], Options);
        Assert.Equal(3, second.KnownTokens);
        Assert.Equal(first.TokenIds, second.TokenIds);
    }

    [Fact]
    public void Generate_TwoConversationsInTurns_GoOnWithTheirOwn()
    {
        using Opened opened = Opened.Model();
        TextGenerator generator = opened.Generator(new CacheOptions());
        int[] common = [5, 9, 200];
        int[][] texts = [[.. common, 31, 32, 33, 34, 35], [.. common, 71, 72, 73, 74, 75]];
        for (int turn = 0; turn < 3; turn++)
        {
            for (int i = 0; i < texts.Length; i++)
            {
                GenerationResult found = generator.Generate(texts[i], Options);
                Assert.Equal(turn == 0 ? 0 : texts[i].Length - 4, found.KnownTokens);
                texts[i] = [.. texts[i], .. found.TokenIds, 8, 9, 10];
            }
        }
    }

    // A system prompt that is most of a short text is little of a long conversation.
    [Fact]
    public void Generate_AShortTextThatBeginsAsALongConversation_LeavesItAlone()
    {
        using Opened opened = Opened.Model();
        TextGenerator generator = opened.Generator(new CacheOptions());
        int[] system = [5, 9, 200, 31, 32];
        int[] talk = [.. system, .. Enumerable.Range(0, 30).Select(i => 40 + i)];
        GenerationResult reply = generator.Generate(talk, Options);

        GenerationResult other = generator.Generate([.. system, 150, 151], Options);
        GenerationResult next = generator.Generate([.. talk, .. reply.TokenIds, 8, 9], Options);

        Assert.Equal(0, other.KnownTokens);
        Assert.Equal(talk.Length + reply.TokenIds.Length - 1, next.KnownTokens);
    }

    [Fact]
    public void Generate_WhereTokensAreForgotten_ComputesAllOfIt()
    {
        using Opened opened = Opened.Model();
        TextGenerator generator = opened.Generator(new CacheOptions { Tokens = 16 });
        generator.Generate([5, 9, 200, 31], Options);
        Assert.Equal(0, generator.Generate([5, 9, 200, 31], Options).KnownTokens);
    }

    [Fact]
    public void Generate_AfterOneThatWasStopped_ComputesWhatThatDidNot()
    {
        using Opened opened = Opened.Model();
        TextGenerator generator = opened.Generator(new CacheOptions());
        int[] prompt = [5, 9, 200, 31];
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => generator.Generate(prompt, Options, cancellation: stop.Token));
        Assert.Equal(0, generator.Generate(prompt, Options).KnownTokens);
    }

    private static (GenerationResult Result, List<GeneratedToken> Tokens) Follow(TextGenerator generator, int[] prompt)
    {
        List<GeneratedToken> tokens = [];
        GenerationResult result = generator.Follow(prompt, Options, token =>
        {
            tokens.Add(token);
            return true;
        });
        return (result, tokens);
    }

    private sealed record Opened(ModelText Text, IntegerDecoder Decoder) : IDisposable
    {
        public static Opened Model()
        {
            using ModelPackage package = ModelPackage.Open(SharedFiles.Require("models/tinystories-656k-hf"));
            using LanguageModel model = LanguageModel.Load(package);
            return new Opened(model.Text, IntegerDecoder.Of(model.Decoder, 2));
        }

        public TextGenerator Generator(CacheOptions cache) => new(Text, Decoder, TimeProvider.System, cache);

        public void Dispose() => Decoder.Dispose();
    }
}
