using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Surgery;
using Hypercompress.Training;

namespace Hypercompress.Distillation;

/// <summary>
/// Phase 5: trains the student to predict as the teacher does, layer by layer if wanted; the loss is
/// <see cref="DistillationLoss"/>. The state with the lowest held-out perplexity is kept, so the phase does not make
/// it worse.
/// </summary>
/// <param name="options">The section <c>distillation</c>.</param>
/// <param name="seed">Seed of the order of the text.</param>
/// <param name="fingerprint">Recognises the teacher's files, for predictions that are kept.</param>
internal sealed class KnowledgeDistiller(DistillationOptions options, long seed, string fingerprint = "")
{
    /// <summary>
    /// Held-out divergence, nats per token, below which the student is left as it is; 0, the default, never.
    /// </summary>
    public double LeastDivergence { get; init; }

    /// <summary>The dense model that the student was made of; null for the teacher.</summary>
    public DecoderModel? Originals { get; init; }

    /// <summary>Trains the student in place.</summary>
    /// <param name="teacher">The teacher; not changed.</param>
    /// <param name="student">The student after surgery.</param>
    /// <param name="tokens">The text.</param>
    /// <param name="watch">Clock, progress and cancellation.</param>
    /// <returns>The same student, with the measurements.</returns>
    /// <exception cref="ArgumentException">Teacher and student differ in vocabulary.</exception>
    /// <exception cref="ConfigurationException">The training text is shorter than one window.</exception>
    /// <exception cref="NumericalException">A loss or gradient is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the student is partly trained.</exception>
    public DistilledModel Distill(
        DecoderModel teacher, StructuredModel student, TrainingTokens tokens, TrainingWatch watch)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(student);
        if (options.Enabled == false)
        {
            return new(student.Model, TrainingHistory.Off);
        }

        var training = TrainingOptions.Of(options, student.Model.Config.MaxPositions, options.TokenBudget, seed) with
        {
            ShiftsWindows = options.TeacherCache is null,
            LeastDivergence = LeastDivergence,
            GradualShare = options.GradualShare,
        };
        var trainer = new ModelTrainer("distillation", training, watch) { Originals = Originals ?? teacher };
        using PredictionCache? cache = options.OpenCache(teacher, fingerprint, training.SequenceLength);
        return new(student.Model, trainer.Run(student.Model, tokens, new DistillationLoss(teacher, options, cache)));
    }
}
