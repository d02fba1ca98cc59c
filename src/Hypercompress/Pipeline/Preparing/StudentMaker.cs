using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Configuration;
using Hypercompress.Distillation;
using Hypercompress.Models.Transformer;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Students;
using Hypercompress.Training;

namespace Hypercompress.Pipeline.Preparing;

/// <summary>
/// Makes the model that is compressed in place of the teacher, and lets it learn from the teacher while it is dense.
/// </summary>
/// <param name="config">All options; the sections <c>student</c> and <c>distillation</c> say how it learns.</param>
/// <param name="clock">For timing.</param>
internal sealed class StudentMaker(PipelineConfig config, TimeProvider clock)
{
    // Text that layers, channels, heads and neurons are compared on.
    private const int ProbeTokens = 1024;

    /// <summary>Makes it.</summary>
    /// <param name="design">What it is.</param>
    /// <param name="teacher">The teacher; not changed.</param>
    /// <param name="fingerprint">Recognises the teacher's files.</param>
    /// <param name="texts">The run's texts.</param>
    /// <param name="progress">The phase.</param>
    /// <returns>The student on the teacher's device; the caller's.</returns>
    public PreparedStudent Make(
        StudentDesign design, DecoderModel teacher, string fingerprint, RunTexts texts, PhaseProgress progress)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(progress);
        PreparedStudent student = design.Other is { } other
            ? new(SharedVocabulary.Load(other, design.Outline), design.Outline, design.Description, [], Untrained)
            : Derive(design, teacher, texts, progress);
        try
        {
            student.Model.MoveTo(teacher.Device);
            progress.Note(Describe(student, teacher));
            return student with { History = Train(student.Model, teacher, fingerprint, texts, progress) };
        }
        catch
        {
            student.Model.Dispose();
            throw;
        }
    }

    private static TrainingHistory Untrained => TrainingHistory.Off;

    private static PreparedStudent Derive(
        StudentDesign design, DecoderModel teacher, RunTexts texts, PhaseProgress progress)
    {
        IReadOnlyList<int[]> windows = texts.ProbeWindows(ProbeTokens);
        ImmutableArray<int> kept = new LayerImportance(teacher, windows, progress.Cancellation).Choose(
            design.Sizes.Layers, (done, total) => progress.Report(done, total, "models without a layer"));
        JsonObject config = design.Derived!.Configure(design.TeacherJson, design.Teacher, kept);
        var sizes = StudentSizes.Read(config, design.Teacher, kept);
        using InputEnergy? energy = design.Shape!.Width < 1 ? InputEnergy.Of(teacher, windows) : null;
        WidthSelection width = energy is null
            ? WidthSelection.All(design.Teacher)
            : WidthSelection.Of(teacher, design.Derived, energy);
        DecoderModel model = new DerivedStudent(teacher, kept, width, energy).Build(sizes);
        return new PreparedStudent(model, config, design.Description, kept, Untrained);
    }

    private TrainingHistory Train(
        DecoderModel student, DecoderModel teacher, string fingerprint, RunTexts texts, PhaseProgress progress)
    {
        if (config.Student.Enabled == false)
        {
            return Untrained;
        }

        var options = TrainingOptions.Of(
            config.Student, student.Config.MaxPositions, config.Student.TokenBudget, config.Runtime.Seed) with
        {
            ShiftsWindows = config.Distillation.TeacherCache is null,
        };
        using PredictionCache? cache = config.Distillation.OpenCache(teacher, fingerprint, options.SequenceLength);
        DistillationOptions losses = config.Distillation with
        {
            ActivationCheckpointing = config.Student.ActivationCheckpointing,
        };
        return new ModelTrainer(
            "student", options, TrainingProgressRelay.Watch(progress, "student-state", clock)).Run(
            student, texts.TrainingTokens(), new DistillationLoss(teacher, losses, cache));
    }

    private static string Describe(PreparedStudent student, DecoderModel teacher)
    {
        string made = $"{student.Description}, {student.Model.ParameterCount} parameters where the teacher has "
            + $"{teacher.ParameterCount}";
        string layers = student.Layers.IsEmpty || student.Layers.Length == teacher.Config.Layers
            ? string.Empty
            : $", made of the teacher's layers {string.Join(", ", student.Layers)} (from 0)";
        return $"another model is compressed in place of the teacher: {made}{layers}; the ratio counts against the "
            + "teacher's bytes";
    }
}
