using System.Collections.Immutable;

namespace Hypercompress.Models.Generation;

/// <summary>A generated text, its speed and the size of its cache.</summary>
public sealed record GenerationResult
{
    /// <summary>The new ids, with the one that ended the text.</summary>
    public required ImmutableArray<int> TokenIds { get; init; }

    /// <summary>Their text without special tokens and without the ending one; empty without a tokenizer.</summary>
    public required string Text { get; init; }

    /// <summary>Why it ended.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>Tokens of the prompt.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>
    /// Tokens at the beginning of the prompt that an earlier text began with too, and that were not computed again.
    /// </summary>
    public int KnownTokens { get; init; }

    /// <summary>Prompt tokens processed per second, of those that were.</summary>
    public required double PrefillTokensPerSecond { get; init; }

    /// <summary>Tokens generated per second after the first one; 0 when there is only one.</summary>
    public required double DecodeTokensPerSecond { get; init; }

    /// <summary>Bytes of cache per token; by libtorch, if each value takes 16 bits.</summary>
    public required long KvBytesPerToken { get; init; }

    /// <summary>What a draft model was good for; null where there was none, or it never proposed anything.</summary>
    public SpeculationResult? Speculation { get; init; }
}
