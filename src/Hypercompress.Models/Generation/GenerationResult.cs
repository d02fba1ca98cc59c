using System.Collections.Immutable;

namespace Hypercompress.Models.Generation;

/// <summary>A generated text and what it took.</summary>
public sealed record GenerationResult
{
    /// <summary>The new ids, the one that ended the text included.</summary>
    public required ImmutableArray<int> TokenIds { get; init; }

    /// <summary>Their text without special tokens and without the ending one; empty without a tokenizer.</summary>
    public required string Text { get; init; }

    /// <summary>Why it ended.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>Tokens of the prompt.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>Prompt tokens read per second.</summary>
    public required double PrefillTokensPerSecond { get; init; }

    /// <summary>Tokens made per second after the first; 0 when there was only one.</summary>
    public required double DecodeTokensPerSecond { get; init; }

    /// <summary>Bytes of cache per token, were each value stored in 16 bits.</summary>
    public required long KvBytesPerToken { get; init; }
}
