using Hypercompress.Models.Inference;

namespace Hypercompress.Models.Generation;

/// <summary>By whole numbers.</summary>
/// <param name="session">A sequence without tokens; owned.</param>
internal sealed class IntegerNextToken(DecoderSession session) : INextToken
{
    /// <inheritdoc/>
    public long BytesPerToken => session.BytesPerToken;

    /// <inheritdoc/>
    public IReadOnlyList<GeneratedToken> Choose(
        IReadOnlyList<int> ids, TokenSampler sampler, CancellationToken cancellation) =>
        [sampler.Take(session.Next([.. ids], cancellation))];

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();
}
