using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Configuration;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Students;

namespace Hypercompress.Pipeline.Preparing;

/// <summary>What is compressed in place of the teacher, as far as files and sizes tell.</summary>
internal sealed class StudentDesign
{
    private StudentDesign(ModelPackage teacher, StudentShape? shape, ModelPackage? other)
    {
        (Teacher, TeacherJson, Shape, Other) = (teacher.ReadDecoderConfig(), teacher.Config, shape, other);
        if (shape is not null)
        {
            Derived = StudentSizes.Of(Teacher, shape);
            ImmutableArray<int> first = [.. Enumerable.Range(0, Derived.Layers)];
            Outline = Derived.Configure(teacher.Config, Teacher, first);
            Sizes = DecoderConfigReader.Parse(Outline, teacher.ConfigLocation);
        }
        else
        {
            Outline = SharedVocabulary.WithRows(other!.Config, Teacher.VocabularySize);
            Sizes = DecoderConfigReader.Parse(Outline, other.ConfigLocation);
        }
    }

    /// <summary>The teacher's sizes.</summary>
    public DecoderConfig Teacher { get; }

    /// <summary>The teacher's <c>config.json</c>.</summary>
    public JsonObject TeacherJson { get; }

    /// <summary>Shares of the teacher; null for another model.</summary>
    public StudentShape? Shape { get; }

    /// <summary>Sizes by the shape; null for another model.</summary>
    public StudentSizes? Derived { get; }

    /// <summary>The other model's files; null for a shape.</summary>
    public ModelPackage? Other { get; }

    /// <summary>
    /// The student's <c>config.json</c>, of the right sizes; which layers a derived one keeps is not known yet.
    /// </summary>
    public JsonObject Outline { get; }

    /// <summary>The student's sizes.</summary>
    public DecoderConfig Sizes { get; }

    /// <summary>What it is, in a few words.</summary>
    public string Description => Other?.Label ?? $"{Shape} of the teacher";

    /// <summary>Looks at the student that a configuration asks for.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="teacher">The teacher's files.</param>
    /// <param name="other">The files of another model that is the student; null for a shape or none.</param>
    /// <returns>The design; null where the teacher itself is compressed.</returns>
    /// <exception cref="ConfigurationException">
    /// The student cannot be made, has another vocabulary, or reads shorter texts than the run.
    /// </exception>
    public static StudentDesign? Of(PipelineConfig config, ModelPackage teacher, ModelPackage? other)
    {
        if (config.Student.Model is not { } model)
        {
            return null;
        }

        StudentShape? shape = StudentShape.TryParse(model);
        if (shape is null)
        {
            Check(other ?? throw new ConfigurationException(
                $"student.model: {model} was not opened; give it in the request of the run"), teacher, config);
        }

        return new StudentDesign(teacher, shape, other);
    }

    private static void Check(ModelPackage student, ModelPackage teacher, PipelineConfig config)
    {
        LanguageModel.RefuseArtifact(student);
        SharedVocabulary.Require(teacher, student);
        int read = Math.Min(
            teacher.ReadDecoderConfig().MaxPositions,
            Math.Max(config.Data.SequenceLength, config.Evaluation.Window));
        int longest = student.ReadDecoderConfig().MaxPositions;
        if (longest < read)
        {
            throw new ConfigurationException(
                $"student.model: {student.Location} reads at most {longest} tokens at once, the run {read}; lower "
                + $"data.sequence_length and evaluation.window to {longest}");
        }
    }
}
