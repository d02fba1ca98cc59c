using System.Runtime.InteropServices;
using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Passes;
using static TorchSharp.torch;

namespace Hypercompress.Models.Inference;

/// <summary>Gives the results of an <see cref="IntegerDecoder"/> to code that works on tensors.</summary>
/// <param name="decoder">The decoder; stays the caller's.</param>
/// <param name="cache">What is kept of earlier tokens; null for all of it in half precision.</param>
public sealed class SequenceEngine(IntegerDecoder decoder, CacheOptions? cache = null) : IDecoderEngine
{
    /// <inheritdoc/>
    public Tensor Hidden(Tensor ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        (long batch, long count) = (ids.shape[0], ids.shape[1]);
        Tensor hidden = empty(batch, count, decoder.Config.HiddenSize);
        for (int i = 0; i < batch; i++)
        {
            using var scope = NewDisposeScope();
            using DecoderSession session = decoder.Begin(cache);
            int[] tokens = [.. ids[i].cpu().data<long>().Select(id => (int)id)];
            session.Hidden(tokens, MemoryMarshal.Cast<byte, float>(hidden[i].bytes));
        }

        return hidden;
    }

    /// <inheritdoc/>
    public Tensor Logits(Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        using DecoderSession session = decoder.Begin();
        using Tensor states = hidden.contiguous();
        Tensor logits = empty([.. hidden.shape[..^1], decoder.Config.VocabularySize]);
        session.Logits(
            MemoryMarshal.Cast<byte, float>(states.bytes), MemoryMarshal.Cast<byte, float>(logits.bytes));
        return logits;
    }
}
