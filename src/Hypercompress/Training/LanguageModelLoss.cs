using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Training;

/// <summary>
/// Cross-entropy of the next token. The output projection runs over chunks of positions, each with a backward pass of
/// its own, so that logits and their gradients are in memory for one chunk only.
/// </summary>
/// <param name="teacher">The model that the student is compared with on held-out text; null for none.</param>
/// <param name="recomputes">
/// Whether only the states between layers are kept, and layers are run again for their gradients.
/// </param>
public sealed class LanguageModelLoss(DecoderModel? teacher = null, bool recomputes = false) : ITrainingObjective
{
    /// <inheritdoc/>
    public DecoderModel? Teacher => teacher;

    /// <inheritdoc/>
    public double Accumulate(DecoderModel model, Tensor windows, double weight)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(windows);
        using var scope = NewDisposeScope();
        long length = windows.shape[1] - 1;
        using var pass = new TrainingPass(model, recomputes);
        Tensor hidden = pass.Forward(windows.narrow(1, 0, length));
        Tensor targets = windows.narrow(1, 1, length).reshape(-1);
        var head = new HeadGradient(model, hidden);
        double loss = head.Accumulate(
            (chunk, logits) => nn.functional.cross_entropy(logits, chunk.Of(targets), reduction: nn.Reduction.Sum),
            weight);
        pass.Backward(head.Gradient);
        return loss;
    }
}
