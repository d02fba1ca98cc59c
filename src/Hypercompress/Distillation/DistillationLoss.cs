using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Head;
using Hypercompress.Training;
using static TorchSharp.torch;

namespace Hypercompress.Distillation;

/// <summary>
/// kl_weight · τ² · KL(teacher ‖ student) per token at temperature τ (Hinton et al. 2015), plus
/// activation_matching_weight · Σ over layers of the relative squared difference of hidden states. Both output
/// projections run over chunks of positions.
/// </summary>
/// <param name="teacher">The teacher; not changed.</param>
/// <param name="options">Weights and temperature.</param>
internal sealed class DistillationLoss(DecoderModel teacher, DistillationOptions options) : ITrainingObjective
{
    /// <inheritdoc/>
    public DecoderModel Teacher => teacher;

    /// <inheritdoc/>
    public double Accumulate(DecoderModel model, Tensor windows, double weight)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(windows);
        using var scope = NewDisposeScope();
        Tensor ids = windows.narrow(1, 0, windows.shape[1] - 1);
        using var states = new LayerStates();
        Tensor wanted = TeacherHidden(ids, states);
        using var distance = new LayerDistance(states);
        bool matches = options.ActivationMatchingWeight > 0;
        Tensor hidden = model.Hidden(ids, tap: matches ? distance : null);

        var head = new HeadGradient(model, hidden);
        double loss = head.Accumulate(
            (chunk, logits) => Divergence(TeacherLogits(chunk, wanted), logits), weight);
        if (!matches)
        {
            autograd.backward([hidden], [head.Gradient]);
            return loss;
        }

        Tensor share = full([], weight * options.ActivationMatchingWeight, device: hidden.device);
        autograd.backward([hidden, distance.Sum], [head.Gradient, share]);
        return loss + (options.ActivationMatchingWeight * distance.Sum.item<float>());
    }

    private Tensor TeacherHidden(Tensor ids, LayerStates states)
    {
        using var noGrad = no_grad();
        bool matches = options.ActivationMatchingWeight > 0;
        using Tensor hidden = teacher.Hidden(ids, tap: matches ? states : null);
        return hidden.reshape(1, -1, hidden.shape[^1]);
    }

    private Tensor TeacherLogits(HeadChunk chunk, Tensor hidden)
    {
        using var noGrad = no_grad();
        return chunk.Logits(teacher, hidden);
    }

    // Summed over positions.
    private Tensor Divergence(Tensor teacherLogits, Tensor studentLogits)
    {
        double temperature = options.Temperature;
        Tensor wanted = (teacherLogits / temperature).log_softmax(-1);
        Tensor found = (studentLogits / temperature).log_softmax(-1);
        Tensor divergence = nn.functional.kl_div(found, wanted, reduction: nn.Reduction.Sum, log_target: true);
        return divergence * (temperature * temperature * options.KlWeight);
    }
}
