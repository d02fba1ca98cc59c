using System.Collections.Immutable;

namespace Hypercompress.Models.Tokenization.SentencePiece;

/// <summary>The content of a <c>tokenizer.model</c> that matters to its use.</summary>
internal sealed record SentencePieceData
{
    /// <summary>The vocabulary in the order of the ids.</summary>
    public required ImmutableArray<Piece> Pieces { get; init; }

    /// <summary>Whether it is a BPE model; else a unigram model.</summary>
    public bool IsBpe { get; init; }

    /// <summary>Whether what is not a piece becomes bytes.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Text that the unknown piece is decoded to.</summary>
    public string UnknownSurface { get; init; } = " \u2047 ";

    /// <summary>Begin of sequence; negative for none.</summary>
    public int BosId { get; init; } = 1;

    /// <summary>End of sequence; negative for none.</summary>
    public int EosId { get; init; } = 2;

    /// <summary>Padding; negative for none.</summary>
    public int PadId { get; init; } = -1;

    /// <summary>How text is rewritten before it is cut.</summary>
    public NormalizerSpec Normalizer { get; init; } = new();

    /// <summary>How decoded text is rewritten; null for not at all.</summary>
    public NormalizerSpec? Denormalizer { get; init; }

    /// <summary>The id of the piece for what is not a piece; there is exactly one.</summary>
    public int UnknownId { get; init; }
}
