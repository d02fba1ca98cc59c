using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Training;

namespace Hypercompress.Distillation;

/// <summary>The section <c>distillation</c>: how the student learns from the teacher.</summary>
public sealed record DistillationOptions() : TrainingPhaseOptions(learningRate: 3e-4, tokenBudget: 300_000)
{
    /// <summary>
    /// Whether the levels of entropy-coded matrices train, at the same bytes, and not only their scales.
    /// </summary>
    /// <value>
    /// The default is null: where the plan is expected to cost 0.02 nats per token or more, and training reads 0.15
    /// tokens for each weight or more.
    /// </value>
    public bool? TrainLevels { get; init; }

    /// <summary>
    /// Share of the steps in which sparse and low-rank matrices of plain 16- and 32-bit values go from the original
    /// matrix to the planned one, whose places or directions are chosen on the way (Zhu and Gupta, arXiv 1710.01878).
    /// Bytes are those of the plan; 0 trains the planned places and directions from the first step on.
    /// </summary>
    /// <value>0 to 0.9. The default is 0.</value>
    [Range(0.0, 0.9)]
    public double GradualShare { get; init; }

    /// <summary>Weight of the KL divergence from the teacher's to the student's next-token distribution.</summary>
    /// <value>0 to 10⁶. The default is 1.</value>
    [Range(0.0, 1e6)]
    public double KlWeight { get; init; } = 1;

    /// <summary>
    /// Weight of the reverse divergence, from the student's to the teacher's distribution, which prefers fewer modes
    /// (Gu et al., arXiv 2306.08543).
    /// </summary>
    /// <value>0 to 10⁶. The default is 0.</value>
    [Range(0.0, 1e6)]
    public double ReverseKlWeight { get; init; }

    /// <summary>
    /// Weight of the skew divergence: from the teacher's distribution to a mixture with <see cref="Skew"/> parts of it
    /// (Ko et al., arXiv 2402.03898).
    /// </summary>
    /// <value>0 to 10⁶. The default is 0.</value>
    [Range(0.0, 1e6)]
    public double SkewKlWeight { get; init; }

    /// <summary>The teacher's share of the mixture of the skew divergence.</summary>
    /// <value>0 to 1. The default is 0.1.</value>
    [Range(0.0, 1.0)]
    public double Skew { get; init; } = 0.1;

    /// <summary>
    /// Weight of the cross-entropy of the text itself. It lowers the perplexity on such text without bringing the
    /// student nearer to the teacher.
    /// </summary>
    /// <value>0 to 10⁶. The default is 0.</value>
    [Range(0.0, 1e6)]
    public double CrossEntropyWeight { get; init; }

    /// <summary>
    /// Weight of the squared difference of hidden states, relative to the teacher's mean square, summed over the
    /// layers.
    /// </summary>
    /// <value>0 to 10⁶; 0 leaves it out. The default is 0.1.</value>
    [Range(0.0, 1e6)]
    public double ActivationMatchingWeight { get; init; } = 0.1;

    /// <summary>
    /// A folder that keeps the teacher's predictions of the training text, at most 260 bytes a token: the 64 most
    /// probable tokens and the probability of the others together. Later passes over the text, other phases and later
    /// runs with the same teacher read them there in place of running the teacher. Every pass then cuts the text into
    /// the same windows, hidden states are not matched, and <see cref="Temperature"/> must be 1.
    /// </summary>
    /// <value>The default is null: nothing is kept, and the teacher runs in every step.</value>
    public string? TeacherCache { get; init; }

    /// <summary>Temperature τ of both distributions; the divergence is multiplied by τ² (Hinton et al. 2015).</summary>
    /// <value>More than 0, at most 100. The default is 1.</value>
    [Range(0.0, 100.0, MinimumIsExclusive = true)]
    public double Temperature { get; init; } = 1;

    /// <summary>Opens the file that keeps the teacher's predictions.</summary>
    /// <param name="teacher">The teacher.</param>
    /// <param name="fingerprint">Recognises the teacher's files.</param>
    /// <param name="length">Predicted tokens of a window.</param>
    /// <returns>The caller disposes it; null where nothing is kept.</returns>
    internal PredictionCache? OpenCache(DecoderModel teacher, string fingerprint, int length) =>
        TeacherCache is { } folder
            ? PredictionCache.Open(folder, teacher, fingerprint, length)
            : null;

    /// <summary>Checks, before any work, that the teacher's predictions can be kept.</summary>
    /// <exception cref="ConfigurationException">The folder is no place for them, or the temperature not 1.</exception>
    internal void RequireCache()
    {
        if (TeacherCache is not { } folder)
        {
            return;
        }

        if (Temperature != 1)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"distillation.temperature: is {Temperature}, but predictions that are kept "
                + $"(distillation.teacher_cache) are of temperature 1; leave one of the two out"));
        }

        PredictionCache.Require(folder);
    }
}
