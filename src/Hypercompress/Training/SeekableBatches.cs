using System.Collections.Immutable;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Training;

/// <summary>
/// Cuts long texts into windows and gives those of each in a shuffled order, the texts in turns; any batch by its
/// number: the seed and the number determine it. Every pass over a text starts at another token, so that windows do not
/// repeat, unless they are to.
/// </summary>
internal sealed class SeekableBatches : IDisposable
{
    private readonly Tensor _tokens;
    private readonly ImmutableArray<(long First, long Length)> _texts;
    private readonly int _batchSize;
    private readonly int _length;
    private readonly long _seed;
    private readonly bool _shifts;
    private Generator _random;
    private long[] _pass = [];
    private long _passStart;

    /// <summary>Prepares the windows.</summary>
    /// <param name="texts">The texts; those that are shorter than one window are left out.</param>
    /// <param name="batchSize">Windows of a batch.</param>
    /// <param name="length">Predicted tokens of a window, which is one token longer.</param>
    /// <param name="seed">Seed of the order.</param>
    /// <param name="shifts">Whether every pass starts at another token.</param>
    /// <exception cref="ConfigurationException">Every text is shorter than one window.</exception>
    public SeekableBatches(
        ImmutableArray<ImmutableArray<int>> texts, int batchSize, int length, long seed, bool shifts = true)
    {
        ImmutableArray<ImmutableArray<int>> whole = [.. texts.Where(text => text.Length > length)];
        if (whole.IsEmpty)
        {
            throw new ConfigurationException(
                $"the training text has {texts.Select(text => text.Length).DefaultIfEmpty().Max()} tokens, a window "
                + $"needs {length + 1}: give more text or lower sequence_length");
        }

        (_batchSize, _length, _seed, _shifts) = (batchSize, length, seed, shifts);
        _random = new Generator((ulong)seed);
        _texts = Places(whole);
        _tokens = tensor([.. whole.SelectMany(text => text)], dtype: ScalarType.Int64).DetachFromDisposeScope();
    }

    /// <summary>A batch.</summary>
    /// <param name="number">0-based; batches in ascending order take the least work.</param>
    /// <returns>int64 [batch, length + 1]; the caller disposes it.</returns>
    public Tensor BatchAt(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        using var scope = NewDisposeScope();
        long first = number * _batchSize;
        Tensor[] windows =
            [.. Enumerable.Range(0, _batchSize).Select(i => _tokens.narrow(0, StartOf(first + i), _length + 1))];
        return stack(windows).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tokens.Dispose();
        _random.Dispose();
    }

    // Passes are drawn one after the other; an earlier one is found by drawing them again from the first.
    private long StartOf(long window)
    {
        if (window < _passStart)
        {
            _random.Dispose();
            (_random, _pass, _passStart) = (new Generator((ulong)_seed), [], 0);
        }

        while (window >= _passStart + _pass.Length)
        {
            _passStart += _pass.Length;
            _pass = DrawPass();
        }

        return _pass[window - _passStart];
    }

    private long[] DrawPass() =>
        [.. TrainingTokens.InTurns([.. _texts.Select(text => Draw(text.First, text.Length))])];

    // The windows of one text.
    private long[] Draw(long first, long tokens)
    {
        using var scope = NewDisposeScope();
        long spare = tokens - _length - 1;
        long most = _shifts ? Math.Min(_length, spare + 1) : 1;
        long offset = randint(most, [1], ScalarType.Int64, generator: _random).item<long>();
        long count = ((spare - offset) / _length) + 1;
        long[] order = randperm(count, ScalarType.Int64, generator: _random).data<long>().ToArray();
        return [.. order.Select(window => first + offset + (window * _length))];
    }

    // Where each text lies when they are put one after the other.
    private static ImmutableArray<(long First, long Length)> Places(ImmutableArray<ImmutableArray<int>> texts)
    {
        long first = 0;
        var places = ImmutableArray.CreateBuilder<(long, long)>();
        foreach (ImmutableArray<int> text in texts)
        {
            places.Add((first, text.Length));
            first += text.Length;
        }

        return places.ToImmutable();
    }
}
