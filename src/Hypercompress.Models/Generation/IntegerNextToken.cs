using Hypercompress.Models.Inference;

namespace Hypercompress.Models.Generation;

/// <summary>By whole numbers.</summary>
/// <param name="engine">The decoder; stays the caller's.</param>
internal sealed class IntegerNextToken(IntegerDecoder engine) : INextToken
{
    private readonly DecoderSession _session = engine.Begin();

    /// <inheritdoc/>
    public long BytesPerToken => _session.BytesPerToken;

    /// <inheritdoc/>
    public GeneratedToken Choose(IReadOnlyList<int> ids, TokenSampler sampler, CancellationToken cancellation) =>
        sampler.Take(_session.Next([.. ids], cancellation));

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
