using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>A tensor that grows along its time dimension; its room doubles, so that appending stays cheap.</summary>
/// <param name="timeDimension">The dimension that counts positions.</param>
internal sealed class CacheBuffer(int timeDimension) : IDisposable
{
    private const long FirstRoom = 64;

    private Tensor? _storage;

    /// <summary>Bytes held, unused room included.</summary>
    public long StorageBytes => _storage is null ? 0 : _storage.NumberOfElements * _storage.ElementSize;

    /// <summary>Puts values at positions from <paramref name="start"/> on and forgets the values after them.</summary>
    /// <param name="values">float32, any shape; copied without gradient.</param>
    /// <param name="start">Position of the first of them.</param>
    /// <returns>A view of everything from position 0 to the last of them.</returns>
    public Tensor Write(Tensor values, long start)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        long end = start + values.shape[timeDimension];
        Reserve(values, start, end);
        _storage!.narrow(timeDimension, start, end - start).copy_(values);
        return _storage.narrow(timeDimension, 0, end).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _storage?.Dispose();

    private void Reserve(Tensor values, long start, long end)
    {
        if (_storage is not null && _storage.shape[timeDimension] >= end)
        {
            return;
        }

        long[] shape = [.. values.shape];
        shape[timeDimension] = Math.Max(FirstRoom, Math.Max(end, 2 * (_storage?.shape[timeDimension] ?? 0)));
        Tensor larger = empty(shape, dtype: values.dtype, device: values.device).DetachFromDisposeScope();
        if (_storage is not null && start > 0)
        {
            larger.narrow(timeDimension, 0, start).copy_(_storage.narrow(timeDimension, 0, start));
        }

        _storage?.Dispose();
        _storage = larger;
    }
}
