using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer.Head;

/// <summary>Some consecutive positions for the output projection.</summary>
/// <param name="Start">0-based first position.</param>
/// <param name="Count">Number of positions, 1 or more.</param>
public readonly record struct HeadChunk(long Start, long Count)
{
    /// <summary>The part of a tensor that belongs to these positions.</summary>
    /// <param name="values">[positions, …].</param>
    /// <returns>A view [count, …], in the caller's scope.</returns>
    public Tensor Of(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.narrow(0, Start, Count);
    }

    /// <summary>
    /// Logits at these positions, never of rounded factors: differences of logits are what a loss is made of.
    /// </summary>
    /// <param name="model">The model that made the hidden states.</param>
    /// <param name="hidden">float32 [1, positions, hidden].</param>
    /// <returns>float32 [count, vocabulary], in the caller's scope.</returns>
    public Tensor Logits(DecoderModel model, Tensor hidden)
    {
        using IDisposable exact = LinearProduct.Rounding(null);
        return ProductOf(model, hidden);
    }

    /// <summary>
    /// The output projection at these positions, of rounded factors where <see cref="LinearProduct.Rounding"/> says so:
    /// for gradients that flow back through it.
    /// </summary>
    /// <param name="model">The model that made the hidden states.</param>
    /// <param name="hidden">float32 [1, positions, hidden].</param>
    /// <returns>float32 [count, vocabulary], in the caller's scope.</returns>
    public Tensor ProductOf(DecoderModel model, Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(hidden);
        using var scope = NewDisposeScope();
        return model.Logits(hidden.narrow(1, Start, Count)).squeeze(0).MoveToOuterDisposeScope();
    }

    /// <summary>Log-probabilities of the token after each of these positions.</summary>
    /// <param name="model">The model that made the hidden states.</param>
    /// <param name="hidden">float32 [1, positions, hidden].</param>
    /// <returns>float32 [count, vocabulary], in the caller's scope.</returns>
    public Tensor LogProbabilities(DecoderModel model, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return nn.functional.log_softmax(Logits(model, hidden), 1).MoveToOuterDisposeScope();
    }
}
