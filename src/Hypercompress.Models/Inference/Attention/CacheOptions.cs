using System.Globalization;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Inference.Attention;

/// <summary>What is kept of earlier tokens.</summary>
public sealed record CacheOptions
{
    /// <summary>
    /// First tokens that are never forgotten: attention leans on them most (Xiao et al., ICLR 2024, arXiv 2309.17453).
    /// </summary>
    public const int Sinks = 4;

    /// <summary>The fewest that <see cref="Tokens"/> may be.</summary>
    public const int FewestTokens = 16;

    /// <summary>How keys and values, or latents, are held; half precision unless stated.</summary>
    public CacheFormat Format { get; init; }

    /// <summary>
    /// The most tokens that a token attends to: the first <see cref="Sinks"/> and the latest; at least
    /// <see cref="FewestTokens"/>. A text may then go on beyond the model's context. Null (the default) for all.
    /// </summary>
    public int? Tokens { get; init; }

    /// <summary>Checks the range.</summary>
    /// <param name="context">The longest sequence that the model was made for, in tokens.</param>
    /// <exception cref="ConfigurationException">A value is out of range.</exception>
    public void Validate(int context)
    {
        if (Tokens is { } tokens && (tokens < FewestTokens || tokens > context))
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"cache tokens must be {FewestTokens} to {context}, the context of the model, found {tokens}"));
        }
    }
}
