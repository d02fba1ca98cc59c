using Hypercompress.Distillation;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Training;

namespace Hypercompress.FineTuning;

/// <summary>
/// Phase 6: trains the student on text with cross-entropy. The best state on held-out text is kept: the one nearest to
/// the teacher where a teacher is given, otherwise the one with the lowest perplexity.
/// </summary>
/// <param name="options">The section <c>finetune</c>.</param>
/// <param name="seed">Seed of the order of the text.</param>
internal sealed class FineTuner(FineTuningOptions options, long seed)
{
    /// <summary>Trains the student in place.</summary>
    /// <param name="student">The student after distillation.</param>
    /// <param name="tokens">The text.</param>
    /// <param name="watch">Clock, progress and cancellation.</param>
    /// <param name="teacher">The model that states are compared with on held-out text; null for none.</param>
    /// <returns>The same student, with the measurements.</returns>
    /// <exception cref="ConfigurationException">The training text is shorter than one window.</exception>
    /// <exception cref="NumericalException">A loss or gradient is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the student is partly trained.</exception>
    public TunedModel Run(
        DistilledModel student, TrainingTokens tokens, TrainingWatch watch, DecoderModel? teacher = null)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(tokens);
        if (options.Enabled == false)
        {
            return new(student.Model, TrainingHistory.Off);
        }

        long budget = Math.Max(1, Math.Min(options.TokenBudget, options.Epochs * tokens.TrainingCount));
        var training = TrainingOptions.Of(options, student.Model.Config.MaxPositions, budget, seed);
        var trainer = new ModelTrainer("fine-tuning", training, watch);
        var loss = new LanguageModelLoss(teacher, options.ActivationCheckpointing);
        return new(student.Model, trainer.Run(student.Model, tokens, loss));
    }
}
