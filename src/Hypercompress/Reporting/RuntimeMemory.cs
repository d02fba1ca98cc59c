using Hypercompress.Forms;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;

namespace Hypercompress.Reporting;

/// <summary>
/// An estimate of the memory that generating with an artifact takes. Matrices and cache are counted; the program is
/// what was measured of other models, on Linux x64.
/// </summary>
/// <param name="FastMatrixBytes">Matrices as <c>--memory fast</c> holds them.</param>
/// <param name="SmallMatrixBytes">Matrices as <c>--memory small</c> holds them.</param>
/// <param name="ProgramBytes">Program, .NET, tokenizer and buffers.</param>
/// <param name="CacheBytesPerToken">Key/value cache of each token of a text.</param>
public sealed record RuntimeMemory(
    long FastMatrixBytes, long SmallMatrixBytes, long ProgramBytes, long CacheBytesPerToken)
{
    // Peaks of generate less matrices and cache: 66 MB with a vocabulary of 2,048 tokens, 95 MB with one of 49,152.
    private const long WithoutVocabularyBytes = 64_000_000;
    private const long BytesPerVocabularyToken = 630;

    /// <summary>All of it with <c>--memory fast</c>, before the first token.</summary>
    public long FastBytes => FastMatrixBytes + ProgramBytes;

    /// <summary>All of it with <c>--memory small</c>, before the first token.</summary>
    public long SmallBytes => SmallMatrixBytes + ProgramBytes;

    /// <summary>Estimates it for a student; packs one matrix after the other to see how large each is.</summary>
    /// <param name="student">The student.</param>
    /// <param name="cacheBytesPerToken">Key/value cache of a token.</param>
    /// <returns>The estimate.</returns>
    internal static RuntimeMemory Of(DecoderModel student, long cacheBytesPerToken)
    {
        ArgumentNullException.ThrowIfNull(student);
        (long fast, long small) = (0, 0);
        foreach (WeightSlot slot in student.Slots)
        {
            // What belongs to no layer does not stay coded, as when an artifact is opened.
            long decoded = PackedBytes(slot, MemoryUse.Fast);
            fast += decoded;
            small += slot.Layer is null && slot.Matrix is FormMatrix { StaysCoded: true }
                ? decoded
                : PackedBytes(slot, MemoryUse.Small);
        }

        return new RuntimeMemory(
            fast,
            small,
            WithoutVocabularyBytes + (BytesPerVocabularyToken * student.Config.VocabularySize),
            cacheBytesPerToken);
    }

    private static long PackedBytes(WeightSlot slot, MemoryUse memory)
    {
        using PackedMatrix packed = slot.Matrix.Pack(memory);
        return packed.ByteCount;
    }
}
