using Hypercompress.Models.Inference;
using Hypercompress.Models.Inference.Attention;

namespace Hypercompress.Models.Generation;

/// <summary>By whole numbers, going on with an earlier text where the new one begins as it does.</summary>
/// <param name="decoder">The model; stays the caller's.</param>
/// <param name="cache">How keys and values are kept; null for all of them in half precision.</param>
/// <param name="goesOn">Whether it goes on with earlier texts and is kept for later ones.</param>
internal sealed class IntegerNextToken(IntegerDecoder decoder, CacheOptions? cache, bool goesOn) : INextToken
{
    private DecoderSession? _session;

    /// <inheritdoc/>
    public long BytesPerToken => _session?.BytesPerToken ?? 0;

    /// <inheritdoc/>
    public int KnownTokens { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<GeneratedToken> Choose(
        IReadOnlyList<int> ids, TokenSampler sampler, CancellationToken cancellation)
    {
        ReadOnlySpan<int> tokens = [.. ids];
        if (_session is null)
        {
            _session = goesOn ? decoder.BeginWith(tokens, cache) : decoder.Begin(cache);
            KnownTokens = _session.Length;
            tokens = tokens[KnownTokens..];
        }

        return [sampler.Take(_session.Next(tokens, cancellation))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (goesOn && _session is not null)
        {
            decoder.End(_session);
        }
        else
        {
            _session?.Dispose();
        }
    }
}
