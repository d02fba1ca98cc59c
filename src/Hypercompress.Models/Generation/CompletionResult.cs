using System.Collections.Immutable;

namespace Hypercompress.Models.Generation;

/// <summary>A whole continuation.</summary>
/// <param name="Text">The text, without the stop text that ended it.</param>
/// <param name="IsComplete">
/// Whether the model or a stop text ended it, and not the limit of tokens or of the context.
/// </param>
/// <param name="Tokens">The tokens, without the one that ended the text.</param>
/// <param name="Generation">Counts and rates.</param>
public sealed record CompletionResult(
    string Text, bool IsComplete, ImmutableArray<GeneratedToken> Tokens, GenerationResult Generation);
