using Hypercompress.Models.Errors;
using TorchSharp;

namespace Hypercompress.Models.Corpora;

/// <summary>
/// Training batches without end: every epoch goes through the windows in its own seeded order, and what does not fill
/// a batch at its end is left out. Any step can be asked for directly, so a resumed run sees what it would have seen.
/// </summary>
public sealed class TokenBatches
{
    private readonly TokenWindows _windows;
    private readonly int _seed;
    private (long Epoch, int[] Order)? _current;

    /// <summary>Prepares the batches.</summary>
    /// <param name="windows">The sequences.</param>
    /// <param name="batchSize">Sequences per batch, 1 or more.</param>
    /// <param name="seed">Decides the order.</param>
    /// <exception cref="ConfigurationException">There are fewer windows than a batch needs.</exception>
    public TokenBatches(TokenWindows windows, int batchSize, int seed)
    {
        ArgumentNullException.ThrowIfNull(windows);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (windows.Count < batchSize)
        {
            throw new ConfigurationException($"a batch needs {batchSize} sequences of {windows.Length} tokens, "
                + $"but the text gives {windows.Count}; use more text, shorter sequences or smaller batches");
        }

        _windows = windows;
        _seed = seed;
        BatchSize = batchSize;
    }

    /// <summary>Sequences per batch.</summary>
    public int BatchSize { get; }

    /// <summary>Batches in one pass over the windows.</summary>
    public int BatchesPerEpoch => _windows.Count / BatchSize;

    /// <summary>The windows that a step uses.</summary>
    /// <param name="step">0 or more.</param>
    /// <returns><see cref="BatchSize"/> indices into the windows.</returns>
    public IReadOnlyList<int> IndicesAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        var (epoch, place) = Math.DivRem(step, BatchesPerEpoch);
        if (_current is not { } current || current.Epoch != epoch)
        {
            current = (epoch, SeededOrder.Permutation(_windows.Count, _seed, epoch + 1));
            _current = current;
        }

        return new ArraySegment<int>(current.Order, (int)place * BatchSize, BatchSize);
    }

    /// <summary>The batch of a step.</summary>
    /// <param name="step">0 or more.</param>
    /// <returns>A new int64 tensor [B, T] on the CPU; the caller owns it.</returns>
    public torch.Tensor BatchAt(long step) => _windows.ToTensor(IndicesAt(step));

    /// <summary>The batches from a step on, without end.</summary>
    /// <param name="step">The first step, 0 or more.</param>
    /// <returns>New int64 tensors [B, T] on the CPU; the caller owns each.</returns>
    public IEnumerable<torch.Tensor> From(long step)
    {
        for (long current = step; ; current++)
        {
            yield return BatchAt(current);
        }
    }
}
