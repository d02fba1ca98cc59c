using static TorchSharp.torch;

namespace Hypercompress.Models.Checkpoints;

/// <summary>The memory of a tensor as spans, also beyond the 2 GiB that one span can hold.</summary>
internal static class TensorBytes
{
    /// <summary>The most bytes that one chunk has.</summary>
    public const long LargestChunk = 1 << 30;

    /// <summary>Visits the memory of a tensor in order.</summary>
    /// <param name="tensor">A contiguous CPU tensor.</param>
    /// <param name="chunkBytes">Bytes of every chunk but the last; a multiple of the element size.</param>
    /// <param name="action">Called with each chunk.</param>
    public static void ForEachChunk(Tensor tensor, long chunkBytes, ChunkAction action)
    {
        long elements = tensor.numel();
        long width = tensor.element_size();
        long step = chunkBytes / width;
        if (elements == 0)
        {
            return;
        }

        using var flat = tensor.view(-1);
        for (long first = 0; first < elements; first += step)
        {
            using var part = flat.narrow(0, first, Math.Min(step, elements - first));
            action(first * width, part.bytes);
        }
    }
}
