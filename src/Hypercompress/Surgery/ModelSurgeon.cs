using Hypercompress.Forms;
using Hypercompress.Merging;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Surgery;

/// <summary>
/// Builds the student: the teacher's decoder with the blueprint's matrices in its slots. Factors stay factors, so that
/// <c>Linear(in, out)</c> becomes <c>Linear(in, r) + Linear(r, out)</c> without another decomposition.
/// </summary>
internal sealed class ModelSurgeon
{
    /// <summary>Builds a student.</summary>
    /// <param name="teacher">Gives the architecture, norms and biases; not changed.</param>
    /// <param name="blueprint">One matrix for every slot; the matrices are owned by the student from here on.</param>
    /// <param name="teacherFormat">Floating-point format that norms and biases are stored in; they are rounded to
    /// it.</param>
    /// <returns>The student, on the CPU.</returns>
    /// <exception cref="ArgumentException">
    /// A slot has no matrix, more than one, or one of another shape, a matrix has no slot, or the format is an integer
    /// one. Nothing changes its owner then.
    /// </exception>
    public StructuredModel Apply(DecoderModel teacher, Blueprint blueprint, ValueFormat teacherFormat)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(blueprint);
        ArgumentNullException.ThrowIfNull(teacherFormat);
        ScalarType stored = FloatFormat.TypeOf(teacherFormat);
        Dictionary<string, FormMatrix> matrices = MatchSlots(teacher, blueprint);
        StructuralReport report = StructuralReport.Of(blueprint);
        DecoderModel student = teacher.WithMatrices(slot => matrices[slot.Name]);
        Round(student, stored);
        return new StructuredModel(student, report);
    }

    /// <summary>Rounds norms and biases to their stored values, so that evaluation sees what the file holds.</summary>
    /// <param name="student">A student that was trained.</param>
    /// <param name="teacherFormat">Floating-point format that norms and biases are stored in.</param>
    /// <exception cref="ArgumentException">The format is an integer one.</exception>
    public static void RoundVectors(DecoderModel student, ValueFormat teacherFormat)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacherFormat);
        Round(student, FloatFormat.TypeOf(teacherFormat));
    }

    /// <summary>Puts other matrices into a student's slots, and disposes those that were there.</summary>
    /// <param name="student">The student; the matrices are its own from here on.</param>
    /// <param name="matrices">One for every slot, by name.</param>
    public static void Refit(DecoderModel student, IReadOnlyDictionary<string, FormMatrix> matrices)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(matrices);
        foreach (WeightSlot slot in student.Slots)
        {
            slot.Exchange(matrices[slot.Name]).Dispose();
        }
    }

    private static Dictionary<string, FormMatrix> MatchSlots(DecoderModel teacher, Blueprint blueprint)
    {
        ILookup<string, FormMatrix> found = blueprint.Sites.ToLookup(site => site.Site.Name, site => site.Matrix);
        foreach (WeightSlot slot in teacher.Slots)
        {
            FormMatrix[] here = [.. found[slot.Name]];
            if (here.Length != 1 || here[0].Rows != slot.Matrix.Rows || here[0].Columns != slot.Matrix.Columns)
            {
                string shapes = string.Join(", ", here.Select(matrix => $"[{matrix.Rows}, {matrix.Columns}]"));
                throw new ArgumentException(
                    $"{slot.Name} needs one matrix [{slot.Matrix.Rows}, {slot.Matrix.Columns}], the blueprint has "
                    + (shapes.Length == 0 ? "none" : shapes),
                    nameof(blueprint));
            }
        }

        string? stray = found.Select(site => site.Key).Except(teacher.Slots.Select(slot => slot.Name)).FirstOrDefault();
        return stray is null
            ? found.ToDictionary(site => site.Key, site => site.Single())
            : throw new ArgumentException($"the model has no slot {stray}", nameof(blueprint));
    }

    private static void Round(DecoderModel student, ScalarType stored)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach ((_, Parameter vector) in student.NamedVectors)
        {
            vector.copy_(vector.to(stored));
        }
    }
}
