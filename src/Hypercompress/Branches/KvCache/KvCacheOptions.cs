using System.ComponentModel.DataAnnotations;

namespace Hypercompress.Branches.KvCache;

/// <summary>Section <c>branches.kv</c>: one latent for the keys and values of a layer.</summary>
public sealed record KvCacheOptions : IBranchOptions
{
    /// <summary>Whether the branch takes part in mode <c>hybrid</c>.</summary>
    /// <value>The default is true.</value>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// Largest width of the latent that the cache keeps per token (fixed width in manual planning); unset: no limit of
    /// its own.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int? CacheTokens { get; init; }
}
