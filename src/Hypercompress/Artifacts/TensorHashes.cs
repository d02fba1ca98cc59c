using System.Collections.Immutable;
using System.IO.Hashing;
using Hypercompress.Models.Checkpoints;
using static TorchSharp.torch;

namespace Hypercompress.Artifacts;

/// <summary>Fast hashes of tensors (XxHash128), which find damage at the speed of reading.</summary>
internal static class TensorHashes
{
    // A span of bytes has at most 2^31 elements; the widest stored element has 8 bytes.
    private const long ChunkElements = 1L << 27;

    /// <summary>No hashes.</summary>
    public static ImmutableSortedDictionary<string, string> None { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Hashes all tensors of a checkpoint.</summary>
    /// <param name="tensors">The tensors as they are stored.</param>
    /// <returns>Lower-case hexadecimal hashes by tensor name.</returns>
    public static ImmutableSortedDictionary<string, string> OfAll(ITensorSource tensors)
    {
        var hashes = None.ToBuilder();
        foreach (string name in tensors.Tensors.Keys)
        {
            using Tensor tensor = tensors.Read(name);
            hashes.Add(name, Of(tensor));
        }

        return hashes.ToImmutable();
    }

    /// <summary>Hashes the stored bytes of a tensor.</summary>
    /// <param name="bytes">All of them.</param>
    /// <returns>The lower-case hexadecimal hash.</returns>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(XxHash128.Hash(bytes));

    /// <summary>Hashes the bytes of a tensor.</summary>
    /// <param name="tensor">A contiguous tensor on the CPU, of any type and shape.</param>
    /// <returns>The lower-case hexadecimal hash.</returns>
    public static string Of(Tensor tensor)
    {
        var hash = new XxHash128();
        using Tensor flat = tensor.reshape(-1);
        for (long start = 0; start < flat.NumberOfElements; start += ChunkElements)
        {
            using Tensor chunk = flat.narrow(0, start, Math.Min(ChunkElements, flat.NumberOfElements - start));
            hash.Append(chunk.bytes);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
