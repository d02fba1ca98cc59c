using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Training;

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
    /// Loss summed over the positions of a chunk: gets logits [positions, vocabulary], start and number of positions.
    /// </param>
    /// <param name="weight">What the gradient of the mean loss is multiplied by.</param>
    /// <returns>The mean loss per position.</returns>
    public double Accumulate(Func<Tensor, long, long, Tensor> sumLoss, double weight)
    {
        long positions = _leaf.shape[1];
        double total = 0;
        foreach (var (start, count) in TokenChunks.Cut(positions, _model.Config.VocabularySize))
        {
            using var scope = NewDisposeScope();
            Tensor logits = _model.Logits(_leaf.narrow(1, start, count)).squeeze(0);
            Tensor loss = sumLoss(logits, start, count) / positions;
            total += loss.item<float>();
            (loss * weight).backward();
        }

        return total;
    }
}
