using System.Collections.Immutable;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Head;
using Hypercompress.Training;
using Hypercompress.Training.Passes;
using static TorchSharp.torch;

namespace Hypercompress.Distillation;

/// <summary>
/// kl_weight · τ² · KL(teacher ‖ student) per token at temperature τ (Hinton et al. 2015), and where they have weights
/// the reverse and the skew divergence and the cross-entropy of the text, plus
/// activation_matching_weight · Σ over layers of the relative squared difference of hidden states; it is left out where
/// their widths differ. Both output projections run over chunks of positions.
/// </summary>
/// <param name="teacher">The teacher; not changed.</param>
/// <param name="options">Weights and temperature.</param>
/// <param name="cache">
/// Keeps the teacher's predictions, which are then compared at their most probable tokens and at all others together;
/// null to run the teacher.
/// </param>
internal sealed class DistillationLoss(
    DecoderModel teacher, DistillationOptions options, PredictionCache? cache = null) : ITrainingObjective
{
    /// <inheritdoc/>
    public DecoderModel Teacher => teacher;

    /// <inheritdoc/>
    public double Accumulate(DecoderModel model, Tensor windows, double weight)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(windows);
        RequireSameVocabulary(model);
        using var scope = NewDisposeScope();
        return cache is null ? ByTeacher(model, windows, weight) : ByCache(cache, model, windows, weight);
    }

    private double ByCache(PredictionCache kept, DecoderModel model, Tensor windows, double weight)
    {
        TeacherPredictions wanted = kept.Of(windows);
        using var pass = new TrainingPass(model, options.ActivationCheckpointing);
        Tensor hidden = pass.Forward(windows.narrow(1, 0, windows.shape[1] - 1));
        Tensor targets = windows.narrow(1, 1, windows.shape[1] - 1).reshape(-1);
        var head = new HeadGradient(model, hidden);
        double loss = head.Accumulate(
            (chunk, logits) => Loss(
                chunk.Of(wanted.LogProbabilities),
                TeacherPredictions.Condense(logits, chunk.Of(wanted.Tokens)),
                logits,
                chunk.Of(targets)),
            weight);
        pass.Backward(head.Gradient);
        return loss;
    }

    private double ByTeacher(DecoderModel model, Tensor windows, double weight)
    {
        Tensor ids = windows.narrow(1, 0, windows.shape[1] - 1);
        using var states = new LayerStates();
        bool matches = options.ActivationMatchingWeight > 0 && model.Config.HiddenSize == teacher.Config.HiddenSize;
        Tensor wanted = TeacherHidden(ids, matches ? states : null);
        ImmutableArray<int> map = LayerMap.Between(teacher.Config.Layers, model.Config.Layers);
        using var pass = new TrainingPass(
            model, options.ActivationCheckpointing, matches ? () => new LayerDistance(states, map) : null);
        Tensor hidden = pass.Forward(ids);

        Tensor targets = windows.narrow(1, 1, windows.shape[1] - 1).reshape(-1);
        var head = new HeadGradient(model, hidden);
        double loss = IsForwardDivergence
            ? head.Accumulate((chunk, logits) => ForwardDivergence(TeacherLogits(chunk, wanted), logits), weight)
            : head.Accumulate(
                (chunk, logits) => Loss(
                    Distribution(TeacherLogits(chunk, wanted)), Distribution(logits), logits, chunk.Of(targets)),
                weight);
        double distance = pass.Backward(head.Gradient, weight * options.ActivationMatchingWeight);
        return loss + (options.ActivationMatchingWeight * distance);
    }

    private void RequireSameVocabulary(DecoderModel student)
    {
        if (student.Config.VocabularySize != teacher.Config.VocabularySize)
        {
            throw new ArgumentException(
                $"the teacher has {teacher.Config.VocabularySize} tokens, the student {student.Config.VocabularySize}",
                nameof(student));
        }
    }

    private Tensor TeacherHidden(Tensor ids, LayerStates? states)
    {
        using var noGrad = no_grad();
        using Tensor hidden = teacher.Hidden(ids, tap: states);
        return hidden.reshape(1, -1, hidden.shape[^1]);
    }

    private Tensor TeacherLogits(HeadChunk chunk, Tensor hidden)
    {
        using var noGrad = no_grad();
        return chunk.Logits(teacher, hidden);
    }

    private Tensor Distribution(Tensor logits) => (logits / options.Temperature).log_softmax(-1);

    private bool IsForwardDivergence =>
        options is { KlWeight: > 0, ReverseKlWeight: 0, SkewKlWeight: 0, CrossEntropyWeight: 0 };

    // The divergence alone, whose gradient at the logits is the difference of the two distributions: logits are many,
    // and this passes over them half as often as differentiation does. Overwrites both.
    private LossAtLogits ForwardDivergence(Tensor wanted, Tensor found)
    {
        double factor = options.KlWeight * options.Temperature * options.Temperature;
        (wanted, found) = (wanted.div_(options.Temperature), found.div_(options.Temperature));
        (Tensor wantedShares, Tensor foundShares) = (wanted.softmax(-1), found.softmax(-1));
        Tensor normalizers = LogSum(found, foundShares) - LogSum(wanted, wantedShares);
        double sum = (wanted.sub_(found).mul_(wantedShares).sum(dim: -1) + normalizers)
            .sum(ScalarType.Float64).item<double>();
        return new LossAtLogits(
            factor * sum, foundShares.sub_(wantedShares).mul_(factor / options.Temperature));
    }

    // The logarithm of the sum of exponentials, from the largest of each row.
    private static Tensor LogSum(Tensor logits, Tensor shares) => logits.amax(-1) - shares.amax(-1).log();

    // Summed over positions; of logarithms of the probabilities that are compared.
    private Tensor Loss(Tensor wanted, Tensor found, Tensor studentLogits, Tensor targets)
    {
        double squared = options.Temperature * options.Temperature;
        var parts = new List<Tensor>();
        Add(parts, options.KlWeight * squared, () => Divergence(wanted, found));
        Add(parts, options.ReverseKlWeight * squared, () => Divergence(found, wanted));
        Add(parts, options.SkewKlWeight * squared, () => Divergence(wanted, Mix(wanted, found)));
        Add(
            parts,
            options.CrossEntropyWeight,
            () => nn.functional.cross_entropy(studentLogits, targets, reduction: nn.Reduction.Sum));
        return parts.Count == 0 ? (studentLogits * 0).sum() : parts.Aggregate((sum, part) => sum + part);
    }

    private static void Add(List<Tensor> parts, double weight, Func<Tensor> part)
    {
        if (weight > 0)
        {
            parts.Add(part() * weight);
        }
    }

    // KL of the second distribution from the first, both as logarithms.
    private static Tensor Divergence(Tensor from, Tensor to) =>
        nn.functional.kl_div(to, from, reduction: nn.Reduction.Sum, log_target: true);

    private Tensor Mix(Tensor wanted, Tensor found) => logaddexp(
        wanted + Math.Log(Math.Max(options.Skew, double.Epsilon)),
        found + Math.Log(Math.Max(1 - options.Skew, double.Epsilon)));
}
