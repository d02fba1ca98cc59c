using System.Collections.Immutable;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Training;

/// <summary>
/// Cuts a long text into windows and gives them in a shuffled order, any batch by its number: the seed and the number
/// determine it. Every pass over the text starts at another token, so that windows do not repeat, unless they are to.
/// </summary>
internal sealed class SeekableBatches : IDisposable
{
    private readonly Tensor _tokens;
    private readonly int _batchSize;
    private readonly int _length;
    private readonly long _seed;
    private readonly bool _shifts;
    private Generator _random;
    private long[] _pass = [];
    private long _passStart;

    /// <summary>Prepares the windows.</summary>
    /// <param name="tokens">The text.</param>
    /// <param name="batchSize">Windows of a batch.</param>
    /// <param name="length">Predicted tokens of a window, which is one token longer.</param>
    /// <param name="seed">Seed of the order.</param>
    /// <param name="shifts">Whether every pass starts at another token.</param>
    /// <exception cref="ConfigurationException">The text is shorter than one window.</exception>
    public SeekableBatches(ImmutableArray<int> tokens, int batchSize, int length, long seed, bool shifts = true)
    {
        if (tokens.Length < length + 1)
        {
            throw new ConfigurationException(
                $"the training text has {tokens.Length} tokens, a window needs {length + 1}: "
                + "give more text or lower sequence_length");
        }

        (_batchSize, _length, _seed, _shifts) = (batchSize, length, seed, shifts);
        _random = new Generator((ulong)seed);
        _tokens = tensor(tokens.AsSpan().ToArray(), dtype: ScalarType.Int64).DetachFromDisposeScope();
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

    private long[] DrawPass()
    {
        using var scope = NewDisposeScope();
        long spare = _tokens.shape[0] - _length - 1;
        long most = _shifts ? Math.Min(_length, spare + 1) : 1;
        long offset = randint(most, [1], ScalarType.Int64, generator: _random).item<long>();
        long count = ((spare - offset) / _length) + 1;
        long[] order = randperm(count, ScalarType.Int64, generator: _random).data<long>().ToArray();
        return [.. order.Select(window => offset + (window * _length))];
    }
}
