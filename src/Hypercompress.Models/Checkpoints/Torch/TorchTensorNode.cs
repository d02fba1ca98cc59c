using System.Collections.Immutable;

namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>A tensor of a PyTorch checkpoint: a strided view of a storage that lies within it.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Type">How its elements are stored.</param>
/// <param name="Offset">First element, in elements from the start of the storage.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Stride">Elements from one index to the next, for each dimension.</param>
internal sealed record TorchTensorNode(
    TorchStorage Storage, StoredType Type, long Offset, ImmutableArray<long> Shape, ImmutableArray<long> Stride)
{
    private const int MaximumDimensions = 64;

    /// <summary>Number of its elements.</summary>
    public long ElementCount => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Whether its elements lie side by side in row-major order.</summary>
    public bool IsRowMajor
    {
        get
        {
            long expected = 1;
            for (int i = Shape.Length - 1; i >= 0; i--)
            {
                if (Shape[i] != 1 && Stride[i] != expected)
                {
                    return false;
                }

                expected *= Shape[i];
            }

            return true;
        }
    }

    /// <summary>Makes sure that the view is one, and that it lies within its storage.</summary>
    /// <exception cref="PickleException">It does not.</exception>
    public void Check()
    {
        if (Shape.Length != Stride.Length || Shape.Length > MaximumDimensions)
        {
            throw new PickleException($"a tensor has {Shape.Length} sizes and {Stride.Length} strides");
        }

        if (Offset < 0 || Shape.Any(size => size < 0) || Stride.Any(stride => stride < 0))
        {
            throw new PickleException($"a tensor in storage {Storage.Key} has a negative offset, size or stride");
        }

        try
        {
            CheckExtent();
        }
        catch (OverflowException e)
        {
            throw new PickleException($"the size of a tensor in storage {Storage.Key} overflows", e);
        }
    }

    private void CheckExtent()
    {
        long available = Storage.ByteLength / Type.BlockBytes;
        long count = ElementCount;
        long last = Offset;
        for (int i = 0; i < Shape.Length && count > 0; i++)
        {
            last = checked(last + ((Shape[i] - 1) * Stride[i]));
        }

        if (count == 0 ? Offset > available : last >= available)
        {
            throw new PickleException(
                $"a tensor of shape [{string.Join(", ", Shape)}] at {Offset} reaches beyond storage {Storage.Key}, "
                + $"which has {available} elements");
        }

        // A broadcast view would be written out in full: a few bytes could ask for any amount of memory.
        if (count > available)
        {
            throw new PickleException(
                $"a tensor of shape [{string.Join(", ", Shape)}] repeats the {available} elements of storage "
                + $"{Storage.Key}; save it after .contiguous()");
        }
    }
}
