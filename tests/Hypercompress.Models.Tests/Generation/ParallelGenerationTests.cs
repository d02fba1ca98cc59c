using System.Collections.Immutable;
using Hypercompress.Models.Generation;
using Hypercompress.Models.Inference;
using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Packages;

namespace Hypercompress.Models.Tests.Generation;

/// <summary>Texts that are made at the same time are those that each gives alone.</summary>
public sealed class ParallelGenerationTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    // Prompts of one token, of some, of more than are computed beside others, and of some hundred.
    private static readonly ImmutableArray<(int Prompt, SamplingOptions Options)> Requests =
    [
        (1, new() { MaxTokens = 60, IgnoreEnd = true }),
        (5, new() { MaxTokens = 45, Temperature = 1, Seed = 3, IgnoreEnd = true, LogProbabilities = 2 }),
        (40, new() { MaxTokens = 30, Temperature = 0.8, TopP = 0.9, Seed = 11 }),
        (300, new() { MaxTokens = 20, Temperature = 1.2, TopK = 40, Seed = 5, IgnoreEnd = true }),
        (9, new() { MaxTokens = 50, Temperature = 1, Seed = 8, StopIds = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12] }),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(CacheFormat.Half, null)]
    [InlineData(CacheFormat.Byte, null)]
    [InlineData(CacheFormat.Half, 32)]
    public async Task Generate_SeveralAtOnceOneOfThemCancelled_EachGivesWhatItGivesAlone(
        CacheFormat format, int? tokens)
    {
        var cache = new CacheOptions { Format = format, Tokens = tokens };
        using var lone = new Opened(cache);
        GeneratedToken[][] alone = [.. Requests.Select((_, i) => lone.Follow(i, _ => true))];
        using var shared = new Opened(cache);
        using var stop = new CancellationTokenSource();
        int made = 0;
        Task<GeneratedToken[]> cancelled = OnThread(() => shared.Follow(
            Requests.Length,
            _ =>
            {
                if (++made == 10)
                {
                    stop.Cancel();
                }

                return true;
            },
            stop.Token));

        GeneratedToken[][] together = await Task.WhenAll(
            Requests.Select((_, i) => OnThread(() => shared.Follow(i, _ => true)))).WaitAsync(Deadline, Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Deadline, Token));
        Assert.Equal(10, made);
        foreach ((GeneratedToken[] wanted, GeneratedToken[] found) in alone.Zip(together))
        {
            Assert.Equal(wanted.Select(token => token.Id), found.Select(token => token.Id));
            Assert.Equal(
                wanted.Select(token => token.LogProbability), found.Select(token => token.LogProbability));
        }
    }

    [Fact]
    public async Task Generate_OneThatFailsBesideOthers_FailsAlone()
    {
        using var lone = new Opened(new CacheOptions());
        GeneratedToken[] alone = lone.Follow(0, _ => true);
        using var shared = new Opened(new CacheOptions());
        int made = 0;
        Task<GeneratedToken[]> failing = OnThread(() => shared.Follow(
            1, _ => ++made < 5 ? true : throw new InvalidOperationException("the client's fault")));
        Task<GeneratedToken[]> other = OnThread(() => shared.Follow(0, _ => true));

        await Assert.ThrowsAsync<InvalidOperationException>(() => failing.WaitAsync(Deadline, Token));
        GeneratedToken[] found = await other.WaitAsync(Deadline, Token);
        Assert.Equal(alone.Select(token => token.Id), found.Select(token => token.Id));
    }

    [Fact]
    public async Task Generate_WithADraftAtTheSameTime_GivesTheSameTexts()
    {
        using var opened = new Opened(new CacheOptions());
        var options = new SamplingOptions { MaxTokens = 60, IgnoreEnd = true };
        int[][] prompts = [[5, 9, 200], [700, 12, 44, 8], [33]];
        ImmutableArray<int>[] alone =
            [.. prompts.Select(prompt => opened.Generator().Generate(prompt, options).TokenIds)];
        GenerationResult[] together = await Task.WhenAll(prompts.Select(prompt => OnThread(
            () => opened.Generator(drafts: true).Generate(prompt, options)))).WaitAsync(Deadline, Token);
        Assert.Equal(alone, together.Select(result => result.TokenIds));
        Assert.All(together, result => Assert.NotEqual(0, result.Speculation!.Accepted));
    }

    [Fact]
    public async Task Generate_ConversationsThatGoOnAtTheSameTime_GoOnWithTheirOwn()
    {
        using var opened = new Opened(new CacheOptions());
        var options = new SamplingOptions { MaxTokens = 12, IgnoreEnd = true };
        int[][] texts = [[5, 9, 200, 31], [71, 72, 73, 74, 75], [300, 301, 302]];
        for (int turn = 0; turn < 3; turn++)
        {
            GenerationResult[] found = await Task.WhenAll(texts.Select(text => OnThread(
                () => opened.Generator().Generate(text, options)))).WaitAsync(Deadline, Token);
            for (int i = 0; i < texts.Length; i++)
            {
                Assert.Equal(turn == 0 ? 0 : texts[i].Length - 4, found[i].KnownTokens);
                texts[i] = [.. texts[i], .. found[i].TokenIds, 8, 9, 10];
            }
        }
    }

    private static Task<T> OnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class Opened : IDisposable
    {
        private readonly CacheOptions _cache;
        private readonly ModelText _text;
        private readonly IntegerDecoder _decoder;

        public Opened(CacheOptions cache)
        {
            _cache = cache;
            using ModelPackage package = ModelPackage.Open(SharedFiles.Require("models/tinystories-656k-hf"));
            using LanguageModel model = LanguageModel.Load(package);
            (_text, _decoder) = (model.Text, IntegerDecoder.Of(model.Decoder, 2));
        }

        public TextGenerator Generator(bool drafts = false) =>
            new(_text, _decoder, TimeProvider.System, _cache, drafts ? new Draft(_text, _decoder) : null);

        // A request beyond the last is one of its own, long enough to be cancelled.
        public GeneratedToken[] Follow(
            int request, Func<GeneratedToken, bool> onToken, CancellationToken cancellation = default)
        {
            (int length, SamplingOptions options) =
                request < Requests.Length ? Requests[request] : (20, new() { MaxTokens = 100, IgnoreEnd = true });
            int[] prompt = [.. Enumerable.Range(0, length).Select(i => 3 + ((i + (request * 101)) * 37 % 1000))];
            List<GeneratedToken> tokens = [];
            Generator().Follow(
                prompt,
                options,
                token =>
                {
                    tokens.Add(token);
                    return onToken(token);
                },
                cancellation);
            return [.. tokens];
        }

        public void Dispose() => _decoder.Dispose();
    }
}
