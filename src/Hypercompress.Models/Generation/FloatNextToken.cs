using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Models.Generation;

/// <summary>By libtorch, in float32.</summary>
/// <param name="decoder">The decoder; stays the caller's.</param>
internal sealed class FloatNextToken(DecoderModel decoder) : INextToken
{
    private readonly KvCache _cache = new(decoder);

    /// <summary>Bytes of cache that a token takes if each value takes 16 bits.</summary>
    public long BytesPerToken => _cache.BytesPerToken();

    /// <inheritdoc/>
    public IReadOnlyList<GeneratedToken> Choose(
        IReadOnlyList<int> ids, TokenSampler sampler, CancellationToken cancellation)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor input = tensor([.. ids.Select(id => (long)id)], device: decoder.Device).unsqueeze(0);
        Tensor hidden = decoder.Hidden(input, _cache);
        Tensor logits = decoder.Logits(hidden.narrow(1, hidden.shape[1] - 1, 1));
        return [sampler.Take(logits.cpu().reshape(-1).data<float>().ToArray())];
    }

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();
}
