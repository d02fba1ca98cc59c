using System.Buffers;
using System.Runtime.InteropServices;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;
using Hypercompress.Models.Checkpoints.Gguf.Blocks.Encoders;
using static TorchSharp.torch;

namespace Hypercompress.Models.Checkpoints.Gguf;

/// <summary>Writes tensors in the element types of GGUF.</summary>
/// <param name="Type">The type.</param>
/// <param name="BlockElements">Elements that are stored together; 1 for plain types.</param>
/// <param name="BlockBytes">Bytes of that many.</param>
/// <param name="Plain">What plain values are converted to.</param>
/// <param name="Encoder">Rounds blocks; null for plain types, and for types whose blocks are given as they are.</param>
internal sealed record GgmlEncoding(
    GgmlType Type, int BlockElements, int BlockBytes, ScalarType Plain, BlockEncoder? Encoder = null)
{
    // A multiple of every block size; one piece of work of one thread is a part of it.
    private const long ElementsAtOnce = 1 << 20;
    private const int BlocksAtOnce = 64;

    private static readonly GgmlEncoding[] All =
    [
        new(GgmlType.F32, 1, 4, ScalarType.Float32),
        new(GgmlType.F16, 1, 2, ScalarType.Float16),
        new(GgmlType.BF16, 1, 2, ScalarType.BFloat16),
        Stored(GgmlType.Q41),
        Stored(GgmlType.Q51),
        Stored(GgmlType.Q2K),
        Stored(GgmlType.Q3K),
        Stored(GgmlType.Q5K),
        Stored(GgmlType.Iq1S),
        Stored(GgmlType.Iq1M),
        Stored(GgmlType.Tq10),
        Stored(GgmlType.Tq20),
        Stored(GgmlType.Iq2Xxs),
        Stored(GgmlType.Iq2Xs),
        Stored(GgmlType.Iq2S),
        Stored(GgmlType.Iq3Xxs),
        Stored(GgmlType.Iq3S),
        Stored(GgmlType.Iq4Nl),
        Stored(GgmlType.Iq4Xs),
        new(GgmlType.Q40, GgmlBlock.Small, 18, ScalarType.Float32, new GgmlNibbleEncoder(hasFifthBit: false)),
        new(GgmlType.Q50, GgmlBlock.Small, 22, ScalarType.Float32, new GgmlNibbleEncoder(hasFifthBit: true)),
        new(GgmlType.Q80, GgmlBlock.Small, 34, ScalarType.Float32, new GgmlByteEncoder()),
        new(GgmlType.Q4K, GgmlBlock.Large, 144, ScalarType.Float32, new GgmlQ4KEncoder()),
        new(GgmlType.Q6K, GgmlBlock.Large, 210, ScalarType.Float32, new GgmlQ6KEncoder()),
    ];

    /// <summary>The encoding of a type.</summary>
    /// <param name="type">Any.</param>
    public static GgmlEncoding Of(GgmlType type) => All.First(encoding => encoding.Type == type);

    /// <summary>Whether elements stand by themselves.</summary>
    public bool IsPlain => BlockElements == 1;

    /// <summary>Bytes of so many elements, a whole number of blocks.</summary>
    public long Bytes(long elements) => elements / BlockElements * BlockBytes;

    /// <summary>Writes a tensor.</summary>
    /// <param name="values">
    /// Floating point, its rows a whole number of blocks; or uint8, the bytes of the blocks. Stays the caller's.
    /// </param>
    /// <param name="stream">Where to.</param>
    /// <exception cref="NotSupportedException">Values of a type that is only written as blocks.</exception>
    public void Write(Tensor values, Stream stream)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        bool isStored = values.dtype == ScalarType.Byte;
        if (Encoder is null && !IsPlain && !isStored)
        {
            throw new NotSupportedException($"values are not rounded to {Type}; give its blocks");
        }

        Tensor plain = values.detach().to(isStored ? ScalarType.Byte : Plain).cpu().contiguous();
        if (isStored || IsPlain)
        {
            TensorBytes.ForEachChunk(plain, TensorBytes.LargestChunk, (_, bytes) => stream.Write(bytes));
            return;
        }

        TensorBytes.ForEachChunk(plain, ElementsAtOnce * sizeof(float), (_, bytes) => WriteBlocks(bytes, stream));
    }

    private static GgmlEncoding Stored(GgmlType type)
    {
        StoredType stored = GgmlTypes.Find((uint)type)!;
        return new GgmlEncoding(type, stored.BlockElements, stored.BlockBytes, ScalarType.Float32);
    }

    private void WriteBlocks(ReadOnlySpan<byte> bytes, Stream stream)
    {
        float[] values = MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        int blocks = values.Length / BlockElements;
        byte[] stored = ArrayPool<byte>.Shared.Rent(blocks * BlockBytes);
        try
        {
            Parallel.For(0, (blocks + BlocksAtOnce - 1) / BlocksAtOnce, piece =>
            {
                int first = piece * BlocksAtOnce;
                int count = Math.Min(BlocksAtOnce, blocks - first);
                Encoder!.Encode(
                    values.AsSpan(first * BlockElements, count * BlockElements),
                    stored.AsSpan(first * BlockBytes, count * BlockBytes));
            });
            stream.Write(stored.AsSpan(0, blocks * BlockBytes));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
        }
    }
}
