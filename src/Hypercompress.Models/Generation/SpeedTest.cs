using System.Collections.Immutable;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Generation;

/// <summary>Measures how fast a model reads a prompt and makes tokens, several times over.</summary>
/// <param name="generator">Runs the model.</param>
/// <param name="time">The clock.</param>
public sealed class SpeedTest(TextGenerator generator, TimeProvider time)
{
    private const int WarmUpTokens = 8;
    private const int IdStep = 7919;

    /// <summary>Measures.</summary>
    /// <param name="prefill">Tokens of the prompt, 0 for none; each test has a cache of its own.</param>
    /// <param name="decode">Tokens that are made one by one after a prompt of one token, 0 for none.</param>
    /// <param name="repetitions">How often each is measured, at least 1.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The rates.</returns>
    /// <exception cref="ConfigurationException">A length is beyond the model's context.</exception>
    public SpeedResult Measure(int prefill, int decode, int repetitions, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repetitions, 1);
        Require(prefill, "prompt");
        Require(decode + 1, "text");
        Prefill(int.Min(prefill, WarmUpTokens), cancellation);
        Decode(int.Min(decode, WarmUpTokens), cancellation);
        return new SpeedResult
        {
            Prefill = Repeat(prefill, repetitions, Prefill, cancellation),
            Decode = Repeat(decode, repetitions, Decode, cancellation),
            KvBytesPerToken = Bytes(cancellation),
        };
    }

    private static ImmutableArray<double> Repeat(
        int tokens, int repetitions, Func<int, CancellationToken, double> measure, CancellationToken cancellation) =>
        tokens == 0 ? [] : [.. Enumerable.Range(0, repetitions).Select(_ => measure(tokens, cancellation))];

    private double Prefill(int tokens, CancellationToken cancellation)
    {
        using INextToken next = generator.BeginAlone();
        var sampler = new TokenSampler(new SamplingOptions());
        int[] ids = [.. Enumerable.Range(1, tokens).Select(Id)];
        long started = time.GetTimestamp();
        if (tokens > 0)
        {
            next.Choose(ids, sampler, cancellation);
        }

        return tokens / time.GetElapsedTime(started).TotalSeconds;
    }

    private double Decode(int tokens, CancellationToken cancellation)
    {
        using INextToken next = generator.BeginAlone();
        var sampler = new TokenSampler(new SamplingOptions());
        int id = next.Choose([Id(1)], sampler, cancellation)[^1].Id;
        long started = time.GetTimestamp();
        for (int i = 0; i < tokens; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            id = next.Choose([id], sampler, cancellation)[^1].Id;
        }

        return tokens / time.GetElapsedTime(started).TotalSeconds;
    }

    // An empty cache has no bytes.
    private long Bytes(CancellationToken cancellation)
    {
        using INextToken next = generator.BeginAlone();
        next.Choose([Id(1)], new TokenSampler(new SamplingOptions()), cancellation);
        return next.BytesPerToken;
    }

    private int Id(int index) => (int)((long)index * IdStep % generator.Text.Config.VocabularySize);

    private void Require(int tokens, string what)
    {
        if (tokens > generator.Text.MaxContext)
        {
            throw new ConfigurationException(
                $"a {what} of {tokens} tokens is longer than {generator.Text.Label} takes; give at most "
                + $"{generator.Text.MaxContext}");
        }
    }
}
