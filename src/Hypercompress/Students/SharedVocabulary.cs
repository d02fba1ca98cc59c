using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Students;

/// <summary>
/// The vocabulary that teacher and student have to share: the same token behind every id. Embeddings may have more rows
/// than there are tokens, and each model other ones.
/// </summary>
internal static class SharedVocabulary
{
    private const string RowsKey = "vocab_size";

    /// <summary>Refuses a student that reads other tokens than the teacher.</summary>
    /// <param name="teacher">The teacher's files.</param>
    /// <param name="student">The student's files.</param>
    /// <exception cref="ConfigurationException">
    /// The tokens differ, or it cannot be known whether they do.
    /// </exception>
    public static void Require(ModelPackage teacher, ModelPackage student)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(student);
        ITokenizer? wanted = teacher.ReadTokenizer();
        ITokenizer? found = student.ReadTokenizer();
        string? difference = wanted is not null && found is not null
            ? SharedTokens.Difference(wanted, found)
            : Difference(RowsOf(teacher), RowsOf(student));
        if (difference is not null)
        {
            throw new ConfigurationException(
                $"student.model: {student.Location} does not have the vocabulary of {teacher.Label}: {difference}. A "
                + "student learns the teacher's probabilities token by token; give a model with the same tokenizer");
        }
    }

    /// <summary>The configuration of a student with as many rows as the teacher.</summary>
    /// <param name="config">The student's <c>config.json</c>.</param>
    /// <param name="rows">Rows of the teacher's embedding.</param>
    /// <returns>A copy.</returns>
    public static JsonObject WithRows(JsonObject config, int rows)
    {
        ArgumentNullException.ThrowIfNull(config);
        var copy = (JsonObject)config.DeepClone();
        copy[RowsKey] = rows;
        return copy;
    }

    /// <summary>Loads a student with as many rows as the teacher.</summary>
    /// <param name="student">The student's files.</param>
    /// <param name="config">What <see cref="WithRows"/> made.</param>
    /// <returns>
    /// The model. Rows beyond the student's own are the mean of these, which no text makes probable; those beyond the
    /// teacher's are left out.
    /// </returns>
    public static DecoderModel Load(ModelPackage student, JsonObject config)
    {
        ArgumentNullException.ThrowIfNull(student);
        using var noGrad = no_grad();
        var sizes = DecoderConfigReader.Parse(config, student.ConfigLocation);
        DecoderModel whole = DecoderModel.Load(student.ReadDecoderConfig(), student.Tensors);
        if (whole.Config.VocabularySize == sizes.VocabularySize)
        {
            return whole;
        }

        using (whole)
        {
            var matrices = whole.Slots.ToDictionary(slot => slot.Name, slot => slot.Matrix);
            var vectors = whole.NamedVectors.ToDictionary(named => named.Name, named => named.Vector);
            return DecoderModel.Assemble(
                sizes,
                slot => new DenseMatrix(
                    slot.Kind is WeightSlotKind.Embedding or WeightSlotKind.Head
                        ? Fitted(matrices[slot.Name], slot.Rows)
                        : matrices[slot.Name].Materialize()),
                vector => vectors[vector.Name].clone());
        }
    }

    private static int RowsOf(ModelPackage package) => package.ReadDecoderConfig().VocabularySize;

    private static Tensor Fitted(WeightMatrix matrix, long rows)
    {
        using var scope = NewDisposeScope();
        Tensor own = matrix.Materialize();
        Tensor fitted = rows <= matrix.Rows
            ? own.narrow(0, 0, rows).contiguous()
            : cat([own, own.mean([0], keepdim: true).expand(rows - matrix.Rows, matrix.Columns)]);
        return fitted.MoveToOuterDisposeScope();
    }

    private static string? Difference(int wanted, int found) => wanted == found
        ? null
        : $"one of them has no tokenizer, and their embeddings have {wanted} and {found} rows";
}
