using System.Collections.Immutable;

namespace Hypercompress.Models.Generation;

/// <summary>A part of a continuation, as soon as it is certain.</summary>
/// <param name="Text">The text; may be empty while a character or a stop text is incomplete.</param>
/// <param name="Tokens">The tokens that came since the last piece.</param>
public sealed record CompletionPiece(string Text, ImmutableArray<GeneratedToken> Tokens)
{
    /// <summary>The whole continuation, in the last piece of a stream; null in all others.</summary>
    public CompletionResult? Result { get; init; }
}
