using System.Globalization;
using System.Runtime.InteropServices;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Inference.Layers;
using Hypercompress.Models.Inference.Numerics;
using Hypercompress.Models.Kernels.Matrices;

namespace Hypercompress.Models.Inference;

/// <summary>One sequence of tokens and what its layers remember of it. Belongs to one thread at a time.</summary>
public sealed unsafe class DecoderSession : IDisposable
{
    private const int TokensAtOnce = 512;

    private readonly IntegerDecoder _decoder;
    private readonly CacheOptions _cache;
    private readonly MatrixProducts _products;
    private readonly LayerPass _pass;
    private readonly PassBuffer _states;
    private readonly PassBuffer _logits;
    private readonly List<int> _ids = [];
    private int _computed;

    internal DecoderSession(IntegerDecoder decoder, CacheOptions cache)
    {
        (_decoder, _cache) = (decoder, cache);
        _products = new MatrixProducts(decoder.Pool);
        _pass = new LayerPass(decoder.Config, decoder.Weights, _products, cache);
        _states = new PassBuffer(decoder.Config.HiddenSize);
        _logits = new PassBuffer(decoder.Config.VocabularySize);
    }

    /// <summary>Tokens so far.</summary>
    public int Length => _ids.Count;

    /// <summary>What it keeps of earlier tokens.</summary>
    internal CacheOptions Cache => _cache;

    /// <summary>Whether all its tokens are computed: not where the work on some of them was ended.</summary>
    internal bool IsWhole => _computed == Length;

    /// <summary>The most tokens that a sequence may have.</summary>
    internal int MaxLength => _cache.Tokens is null ? _decoder.Config.MaxPositions : int.MaxValue;

    /// <summary>Bytes that keys and values take now.</summary>
    public long CacheBytes => _pass.CacheBytes;

    /// <summary>Bytes that keys and values of a further token take, over all layers.</summary>
    public long BytesPerToken => _pass.BytesPerPosition;

    /// <summary>Forgets the last tokens, so that others can follow the first ones.</summary>
    /// <param name="length">
    /// Tokens that stay, at most <see cref="Length"/>; where the cache has forgotten earlier ones, at least
    /// <see cref="Length"/> − 64.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many.</exception>
    public void Truncate(int length)
    {
        if (Length > _cache.Tokens)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(length, Length - AttentionCache.Margin);
        }

        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        _ids.RemoveRange(length, Length - length);
        _computed = int.Min(_computed, length);
    }

    /// <summary>How many tokens a text begins with that this sequence begins with too.</summary>
    internal int CommonWith(ReadOnlySpan<int> ids) => CollectionsMarshal.AsSpan(_ids).CommonPrefixLength(ids);

    /// <summary>Frees what only passes need; the next one takes it anew.</summary>
    internal void ReleasePassMemory()
    {
        _products.Release();
        _pass.Release();
        _states.Release();
        _logits.Release();
    }

    /// <summary>Adds tokens and computes what may follow the last.</summary>
    /// <param name="ids">At least one token, each in [0, vocabulary).</param>
    /// <param name="cancellation">
    /// Ends the work between two parts of a long text; the session is then of no use.
    /// </param>
    /// <returns>A logit a token of the vocabulary; overwritten by the next call.</returns>
    /// <exception cref="ConfigurationException">
    /// The sequence exceeds the positions that the model has learned.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public ReadOnlySpan<float> Next(ReadOnlySpan<int> ids, CancellationToken cancellation = default)
    {
        Append(ids, (states, first, count) =>
        {
            if (first + count == Length)
            {
                _logits.Reserve(1);
                _decoder.Logits(_products, states + ((long)(count - 1) * _states.Width), 1, _logits.Start);
            }
        }, cancellation);
        return new ReadOnlySpan<float>(_logits.Start, _logits.Width);
    }

    /// <summary>Adds tokens and computes what may follow each of them.</summary>
    /// <param name="ids">At least one token, each in [0, vocabulary).</param>
    /// <param name="cancellation">As for <see cref="Next"/>.</param>
    /// <returns>A vocabulary of logits for each token, one after the other.</returns>
    /// <exception cref="ConfigurationException">
    /// The sequence exceeds the positions that the model has learned.
    /// </exception>
    public float[] All(ReadOnlySpan<int> ids, CancellationToken cancellation = default)
    {
        var hidden = new float[ids.Length * _states.Width];
        var logits = new float[ids.Length * _logits.Width];
        Hidden(ids, hidden, cancellation);
        Logits(hidden, logits);
        return logits;
    }

    /// <summary>Adds tokens and gives the states after the final norm.</summary>
    /// <param name="ids">At least one token, each in [0, vocabulary).</param>
    /// <param name="hidden">Gets a state for each of them, one after the other.</param>
    /// <param name="cancellation">As for <see cref="Next"/>.</param>
    /// <exception cref="ConfigurationException">
    /// The sequence exceeds the positions that the model has learned.
    /// </exception>
    public void Hidden(ReadOnlySpan<int> ids, Span<float> hidden, CancellationToken cancellation = default)
    {
        int before = Length;
        fixed (float* target = hidden)
        {
            float* start = target;
            int width = _states.Width;
            Append(ids, (states, first, count) =>
            {
                for (int i = int.Max(before - first, 0); i < count; i++)
                {
                    new ReadOnlySpan<float>(states + ((long)i * width), width)
                        .CopyTo(new Span<float>(start + ((long)(first + i - before) * width), width));
                }
            }, cancellation);
        }
    }

    /// <summary>Logits of hidden states.</summary>
    /// <param name="hidden">States from <see cref="Hidden"/>, one after the other.</param>
    /// <param name="logits">Gets a vocabulary of logits for each.</param>
    public void Logits(ReadOnlySpan<float> hidden, Span<float> logits)
    {
        fixed (float* states = hidden, results = logits)
        {
            _decoder.Logits(_products, states, hidden.Length / _states.Width, results);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _products.Dispose();
        _pass.Dispose();
        _states.Dispose();
        _logits.Dispose();
    }

    private void Append(ReadOnlySpan<int> ids, StateReader read, CancellationToken cancellation)
    {
        if (ids.IsEmpty)
        {
            throw new ArgumentException("at least one token is needed", nameof(ids));
        }

        int start = Length;
        _ids.AddRange(ids);
        RequirePositions();

        // Beyond that length earlier positions are rotated otherwise: they are computed again.
        bool switches = _decoder.SwitchLength is { } most && start <= most && Length > most;
        start = switches && _cache.Tokens is null ? 0 : start;
        for (int first = start; first < Length; first += TokensAtOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = int.Min(TokensAtOnce, Length - first);
            _states.Reserve(count);
            _pass.Run(CollectionsMarshal.AsSpan(_ids).Slice(first, count), first, Length, _states);
            read(_states.Start, first, count);
            _computed = first + count;
        }
    }

    private void RequirePositions()
    {
        DecoderConfig config = _decoder.Config;
        if (_decoder.Weights.Positions is not null && Length > config.MaxPositions)
        {
            throw new ConfigurationException(string.Create(CultureInfo.InvariantCulture,
                $"a sequence of {Length} tokens exceeds the {config.MaxPositions} positions that the model has "
                + $"learned; give fewer"));
        }
    }

    private delegate void StateReader(float* states, int first, int count);
}
