using Hypercompress.Distillation;
using Hypercompress.FineTuning;
using Hypercompress.Models.Transformer;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Calibration;
using Hypercompress.Pipeline.Keeping;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Pipeline.Solving;
using Hypercompress.Surgery;
using Hypercompress.Training;

namespace Hypercompress.Pipeline.Teaching;

/// <summary>Phases 5 and 6: both trainings of the student, whose states and results are kept.</summary>
/// <param name="choice">Which of them run, and how.</param>
/// <param name="calibrated">The teacher and the texts.</param>
/// <param name="phases">Runs the phases.</param>
/// <param name="forms">Writes and reads matrices.</param>
/// <param name="environment">Clock of the run.</param>
/// <param name="seed">Seed of the order of the text.</param>
internal sealed class StudentTrainer(
    TrainingChoice choice,
    Calibrated calibrated,
    PhaseRunner phases,
    KeptForms forms,
    RunEnvironment environment,
    long seed)
{
    /// <summary>Trains the student to predict as the teacher does.</summary>
    /// <param name="student">The student after surgery; changed in place.</param>
    /// <returns>The same student, with the measurements.</returns>
    public DistilledModel Distill(StructuredModel student)
    {
        TrainingHistory Work(PhaseProgress progress)
        {
            var distiller = new KnowledgeDistiller(choice.Distillation, seed, calibrated.Fingerprint)
            {
                LeastDivergence = choice.LeastDivergence,
                Originals = calibrated.Source,
            };
            TrainingHistory history = distiller.Distill(
                calibrated.Teacher.Decoder,
                student,
                calibrated.Texts.TrainingTokens(),
                TrainingProgressRelay.Watch(progress, "distillation-state", environment.Clock)).History;
            NoteNothingToGain(history, progress);
            return history;
        }

        return new DistilledModel(
            student.Model, Train(Phase.Distillation, choice.Distillation, student.Model, Work));
    }

    /// <summary>Trains the student on text.</summary>
    /// <param name="distilled">The student after distillation; changed in place.</param>
    /// <returns>The same student, with the measurements, as it will be stored.</returns>
    public TunedModel Tune(DistilledModel distilled)
    {
        TrainingHistory Work(PhaseProgress progress) => new FineTuner(choice.FineTuning, seed).Run(
            distilled,
            calibrated.Texts.TrainingTokens(),
            TrainingProgressRelay.Watch(progress, "fine-tuning-state", environment.Clock),
            calibrated.Teacher.Decoder).History;
        var tuned = new TunedModel(
            distilled.Model, Train(Phase.FineTuning, choice.FineTuning, distilled.Model, Work));
        ModelSurgeon.RoundVectors(tuned.Model, calibrated.VectorFormat);
        return tuned;
    }

    private static void NoteNothingToGain(TrainingHistory history, PhaseProgress progress)
    {
        if (history.StoppedBecause == TrainingHistory.NothingToGain)
        {
            progress.Note(TrainingChoice.NothingToGain(
                "the student diverges from the teacher by", history.Validations[0].Criterion));
        }
    }

    // A phase that is switched off leaves the student as it is, and does not take place.
    private TrainingHistory Train(
        Phase phase, TrainingPhaseOptions options, DecoderModel student, Func<PhaseProgress, TrainingHistory> work) =>
        options.Enabled == false
            ? TrainingHistory.Off
            : phases.RunTogether(phase, new StudentFormat(student, forms), work);
}
