using System.Globalization;
using System.Runtime.InteropServices;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Inference.Batching;
using Hypercompress.Models.Inference.Layers;
using Hypercompress.Models.Inference.Numerics;
using Hypercompress.Models.Kernels.Matrices;

namespace Hypercompress.Models.Inference;

/// <summary>One sequence of tokens and what its layers remember of it. Belongs to one thread at a time.</summary>
public sealed unsafe class DecoderSession : IDisposable
{
    private const int TokensAtOnce = SharedSteps.MostPromptWork;

    // Fewer are computed beside those of other sequences.
    private const int FewTokens = AttentionPass.ManyTokens;

    private readonly IntegerDecoder _decoder;
    private readonly CacheOptions _cache;
    private readonly MatrixProducts _products;
    private readonly AttentionPass _attention;
    private readonly LayerPass _pass;
    private readonly PassBuffer _states;
    private readonly PassBuffer _logits;
    private readonly List<int> _ids = [];
    private int _computed;
    private bool _hasPromptMemory;

    internal DecoderSession(IntegerDecoder decoder, CacheOptions cache)
    {
        (_decoder, _cache) = (decoder, cache);
        _products = new MatrixProducts(decoder.Pool);
        _attention = new AttentionPass(decoder.Config, decoder.Weights.Layers, _products, cache);
        _pass = new LayerPass(decoder.Config, decoder.Weights, _products);
        _states = new PassBuffer(decoder.Config.HiddenSize);
        _logits = new PassBuffer(decoder.Config.VocabularySize);
    }

    /// <summary>Tokens so far.</summary>
    public int Length => _ids.Count;

    /// <summary>What it keeps of earlier tokens.</summary>
    internal CacheOptions Cache => _cache;

    /// <summary>Whether all its tokens are computed; false after a call that was cancelled or failed.</summary>
    internal bool IsWhole => _computed == Length;

    /// <summary>The most tokens that a sequence may have.</summary>
    internal int MaxLength => _cache.Tokens is null ? _decoder.Config.MaxPositions : int.MaxValue;

    /// <summary>Bytes that keys and values take now.</summary>
    public long CacheBytes => _attention.CacheBytes;

    /// <summary>Bytes that keys and values of a further token take, over all layers.</summary>
    public long BytesPerToken => _attention.BytesPerPosition;

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
        ReleasePromptMemory();
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
        int first = Add(ids);
        while (first < Length)
        {
            cancellation.ThrowIfCancellationRequested();
            first += Length - first < FewTokens ? Step(first, 1) : Prompt(first, cancellation);
        }

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
        var logits = new float[ids.Length * _logits.Width];
        if (ids.Length < FewTokens && !SwitchesRotation(ids.Length))
        {
            cancellation.ThrowIfCancellationRequested();
            Step(Add(ids), ids.Length);
            new ReadOnlySpan<float>(_logits.Start, logits.Length).CopyTo(logits);
            return logits;
        }

        var hidden = new float[ids.Length * _states.Width];
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
        int width = _states.Width;
        for (int first = Add(ids); first < Length;)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Pass(first, cancellation);
            int known = int.Max(before - first, 0);
            if (known < count)
            {
                new ReadOnlySpan<float>(_states.At(known), (count - known) * width)
                    .CopyTo(hidden[((first + known - before) * width)..]);
            }

            first += count;
        }
    }

    /// <summary>Logits of hidden states.</summary>
    /// <param name="hidden">States from <see cref="Hidden"/>, one after the other.</param>
    /// <param name="logits">Gets a vocabulary of logits for each.</param>
    public void Logits(ReadOnlySpan<float> hidden, Span<float> logits)
    {
        fixed (float* states = hidden, results = logits)
        {
            _decoder.Weights.Logits(_products, states, hidden.Length / _states.Width, results);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _decoder.Steps.Leave(this);
        _products.Dispose();
        _attention.Dispose();
        _pass.Dispose();
        _states.Dispose();
        _logits.Dispose();
    }

    // Whether more tokens take the sequence to a length at which all positions are rotated otherwise, so that those
    // before are computed again.
    private bool SwitchesRotation(int more) => _decoder.SwitchLength is { } most && _cache.Tokens is null
        && Length <= most && Length + more > most;

    // The first position that is to be computed.
    private int Add(ReadOnlySpan<int> ids)
    {
        if (ids.IsEmpty)
        {
            throw new ArgumentException("at least one token is needed", nameof(ids));
        }

        int start = SwitchesRotation(ids.Length) ? 0 : Length;
        _ids.AddRange(ids);
        RequirePositions();
        return start;
    }

    private int Step(int first, int wanted)
    {
        if (_hasPromptMemory)
        {
            ReleasePromptMemory();
        }

        _logits.Reserve(wanted);
        PassPart part = Part(first, Length - first);
        _decoder.Steps.Run(new SequenceStep(this, part, _logits, wanted));
        return Take(part);
    }

    private int Prompt(int first, CancellationToken cancellation)
    {
        int count = Pass(first, cancellation);
        if (first + count == Length)
        {
            _logits.Reserve(1);
            _decoder.Weights.Logits(_products, _states.At(count - 1), 1, _logits.Start);
        }

        return count;
    }

    private int Pass(int first, CancellationToken cancellation)
    {
        int count = int.Min(TokensAtOnce, Length - first);
        _hasPromptMemory = true;
        _states.Reserve(count);
        PassPart part = Part(first, count);
        _decoder.Steps.RunPrompt(this, count, turn => _pass.Run([part], _states, turn), cancellation);
        return Take(part);
    }

    private PassPart Part(int first, int count) =>
        new(_attention, [.. CollectionsMarshal.AsSpan(_ids).Slice(first, count)], first, Length);

    private int Take(PassPart part)
    {
        part.ThrowIfFailed();
        _computed = part.Start + part.Ids.Length;
        return part.Ids.Length;
    }

    private void ReleasePromptMemory()
    {
        _products.Release();
        _attention.Release();
        _pass.Release();
        _states.Release();
        _hasPromptMemory = false;
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
}
