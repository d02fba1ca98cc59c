using System.Collections.Immutable;
using Hypercompress.Models.Tokenization.Normalizers;

namespace Hypercompress.Models.Tokenization.SentencePiece;

/// <summary>How text is rewritten before it is cut; the defaults are those of the format.</summary>
internal sealed record NormalizerSpec
{
    /// <summary>The replacement rules; null for none.</summary>
    public CharacterMap? Map { get; init; }

    /// <summary>Those rules as the file has them; empty for none.</summary>
    public ImmutableArray<byte> MapBytes { get; init; } = [];

    /// <summary>Whether a space is put before the text.</summary>
    public bool AddDummyPrefix { get; init; } = true;

    /// <summary>Whether spaces at the ends go, and runs of them become one.</summary>
    public bool RemoveExtraWhitespaces { get; init; } = true;

    /// <summary>Whether spaces are written U+2581.</summary>
    public bool EscapeWhitespaces { get; init; } = true;

    /// <summary>Whether the space of <see cref="AddDummyPrefix"/> goes to the end instead.</summary>
    public bool WhitespaceAsSuffix { get; init; }
}
