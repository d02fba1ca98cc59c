using System.Collections.Immutable;

namespace Hypercompress.Models.Generation;

/// <summary>Rates of a model, one per repetition.</summary>
public sealed record SpeedResult
{
    /// <summary>Prompt tokens per second; empty when they were not measured.</summary>
    public required ImmutableArray<double> Prefill { get; init; }

    /// <summary>Made tokens per second; empty when they were not measured.</summary>
    public required ImmutableArray<double> Decode { get; init; }

    /// <summary>Bytes of cache per token.</summary>
    public required long KvBytesPerToken { get; init; }
}
