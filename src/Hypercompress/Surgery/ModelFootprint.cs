using Hypercompress.Forms;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;

namespace Hypercompress.Surgery;

/// <summary>The cost of storing and running a model.</summary>
/// <param name="Bytes">Bytes of its tensors in the file.</param>
/// <param name="Parameters">Stored parameters; zeros that are not stored do not count.</param>
/// <param name="MultiplyAdds">
/// Multiply-adds of all matrices per token, the output projection included; what attention costs by context is not.
/// </param>
/// <param name="CachedValuesPerToken">Values that the key/value cache keeps per token, over all layers.</param>
internal sealed record ModelFootprint(long Bytes, long Parameters, long MultiplyAdds, long CachedValuesPerToken)
{
    /// <summary>Measures a model.</summary>
    /// <param name="model">A student made of <see cref="FormMatrix"/>, or a teacher as it was loaded.</param>
    /// <param name="teacherFormat">Number format of vectors, and of matrices that are not a form.</param>
    /// <returns>Its footprint.</returns>
    public static ModelFootprint Of(DecoderModel model, ValueFormat teacherFormat)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(teacherFormat);
        long[] vectors = [.. model.NamedVectors.Select(vector => vector.Vector.NumberOfElements)];
        WeightMatrix[] matrices = [.. model.Slots.Select(slot => slot.Matrix)];
        return new ModelFootprint(
            matrices.Sum(matrix => BytesOf(matrix, teacherFormat))
                + vectors.Sum(length => teacherFormat.StoredBytes(1, length)),
            matrices.Sum(ParametersOf) + vectors.Sum(),
            model.Slots.Where(slot => IsMultiplied(slot, model)).Sum(slot => slot.Matrix.MultiplyAdds),
            model.CachedValuesPerToken);
    }

    // An embedding that is not also the output projection is only looked up.
    private static bool IsMultiplied(WeightSlot slot, DecoderModel model) =>
        slot.Kind != WeightSlotKind.Embedding || model.Config.TieEmbeddings;

    private static long BytesOf(WeightMatrix matrix, ValueFormat teacherFormat) =>
        matrix is FormMatrix form ? form.StoredBytes : teacherFormat.StoredBytes(matrix.Rows, matrix.Columns);

    private static long ParametersOf(WeightMatrix matrix) =>
        matrix is FormMatrix form ? form.StoredParameters : matrix.Rows * matrix.Columns;
}
