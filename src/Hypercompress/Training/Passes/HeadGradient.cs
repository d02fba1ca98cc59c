using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Head;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Training.Passes;

/// <summary>
/// Runs the output projection over hidden states in chunks and collects the gradient that flows back into them. Lives
/// in the caller's dispose scope.
/// </summary>
internal sealed class HeadGradient
{
    private readonly DecoderModel _model;
    private readonly Tensor _leaf;

    /// <summary>Starts at hidden states.</summary>
    /// <param name="model">The model that made them.</param>
    /// <param name="hidden">float32 [batch, tokens, hidden].</param>
    public HeadGradient(DecoderModel model, Tensor hidden)
    {
        _model = model;
        using Tensor cut = hidden.detach();
        _leaf = cut.reshape(1, -1, cut.shape[^1]).detach().requires_grad_(true);
        Shape = hidden.shape;
    }

    /// <summary>Gradient of the loss at the hidden states, in their shape.</summary>
    public Tensor Gradient => _leaf.grad!.reshape(Shape);

    private long[] Shape { get; }

    /// <summary>Adds the gradients of a loss that is a sum over positions.</summary>
    /// <param name="sumLoss">
    /// Loss summed over the positions of a chunk: gets the chunk and its logits [positions, vocabulary].
    /// </param>
    /// <param name="weight">Factor of the gradient of the mean loss.</param>
    /// <returns>The mean loss per position.</returns>
    public double Accumulate(Func<HeadChunk, Tensor, Tensor> sumLoss, double weight)
    {
        long positions = _leaf.shape[1];
        return SumOverChunks(chunk =>
        {
            Tensor loss = sumLoss(chunk, chunk.Logits(_model, _leaf)) / positions;
            (loss * weight).backward();
            return loss.item<float>();
        });
    }

    /// <summary>
    /// Adds the gradients of a loss that says its own gradient at the logits. The products that take it further are of
    /// rounded factors where those of the layers are; the logits are not.
    /// </summary>
    /// <param name="lossOf">Gets a chunk and its logits [positions, vocabulary], which it may overwrite.</param>
    /// <param name="weight">Factor of the gradient of the mean loss.</param>
    /// <returns>The mean loss per position.</returns>
    public double Accumulate(Func<HeadChunk, Tensor, LossAtLogits> lossOf, double weight)
    {
        long positions = _leaf.shape[1];
        return SumOverChunks(chunk =>
        {
            Tensor product = chunk.ProductOf(_model, _leaf);
            LossAtLogits loss;
            using (no_grad())
            {
                loss = lossOf(
                    chunk, LinearProduct.IsRounding ? chunk.Logits(_model, _leaf) : product.detach().clone());
                loss.Gradient.mul_(weight / positions);
            }

            autograd.backward([product], [loss.Gradient]);
            return loss.Sum / positions;
        });
    }

    private double SumOverChunks(Func<HeadChunk, double> lossOf)
    {
        double total = 0;
        foreach (HeadChunk chunk in HeadChunks.Cut(_leaf.shape[1], _model.Config.VocabularySize))
        {
            using var scope = NewDisposeScope();
            total += lossOf(chunk);
        }

        return total;
    }
}
