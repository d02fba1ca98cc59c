using System.Collections.Immutable;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Training;

/// <summary>
/// Cuts a long text into windows and hands them out in a shuffled order. Every pass over the text starts at another
/// token, so that windows do not repeat.
/// </summary>
internal sealed class TokenBatches : IDisposable
{
    private readonly Tensor _tokens;
    private readonly int _batchSize;
    private readonly int _length;
    private readonly Generator _random;
    private readonly Queue<long> _starts = new();

    /// <summary>Prepares the windows.</summary>
    /// <param name="tokens">The text.</param>
    /// <param name="batchSize">Windows of a batch.</param>
    /// <param name="length">Predicted tokens of a window, which is one token longer.</param>
    /// <param name="seed">Seed of the order.</param>
    /// <exception cref="ConfigurationException">The text is shorter than one window.</exception>
    public TokenBatches(ImmutableArray<int> tokens, int batchSize, int length, long seed)
    {
        if (tokens.Length < length + 1)
        {
            throw new ConfigurationException(
                $"the training text has {tokens.Length} tokens, a window needs {length + 1}: "
                + "give more text or lower sequence_length");
        }

        (_batchSize, _length) = (batchSize, length);
        _random = new Generator((ulong)seed);
        _tokens = tensor(tokens.AsSpan().ToArray(), dtype: ScalarType.Int64).DetachFromDisposeScope();
    }

    /// <summary>The next batch.</summary>
    /// <returns>int64 [batch, length + 1]; the caller disposes it.</returns>
    public Tensor Next()
    {
        using var scope = NewDisposeScope();
        var windows = new Tensor[_batchSize];
        for (int i = 0; i < _batchSize; i++)
        {
            if (_starts.Count == 0)
            {
                Shuffle();
            }

            windows[i] = _tokens.narrow(0, _starts.Dequeue(), _length + 1);
        }

        return stack(windows).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tokens.Dispose();
        _random.Dispose();
    }

    private void Shuffle()
    {
        using var scope = NewDisposeScope();
        long spare = _tokens.shape[0] - _length - 1;
        long offset = randint(Math.Min(_length, spare + 1), [1], ScalarType.Int64, generator: _random).item<long>();
        long count = ((spare - offset) / _length) + 1;
        foreach (long window in randperm(count, ScalarType.Int64, generator: _random).data<long>())
        {
            _starts.Enqueue(offset + (window * _length));
        }
    }
}
