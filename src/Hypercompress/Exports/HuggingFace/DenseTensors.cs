using System.Collections.Immutable;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Exports.HuggingFace;

/// <summary>Makes the tensors of the stock model, forms multiplied out.</summary>
internal static class DenseTensors
{
    /// <summary>A tensor of the stock model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="stored">The tensor.</param>
    /// <param name="type">Float32, Float16 or BFloat16.</param>
    public static TensorToWrite Stock(DecoderModel model, CheckpointTensor stored, ScalarType type) => new(
        stored.Name,
        type,
        stored.Shape,
        () => stored.Assemble(placed =>
            model.Slots.FirstOrDefault(slot => slot.Name == placed.Place) is { } slot
                ? MatrixRows(slot.Matrix, placed, type)
                : VectorRows(Vector(model, placed.Place), placed, stored.Shape, type)));

    private static TorchSharp.Modules.Parameter Vector(DecoderModel model, string name) =>
        model.NamedVectors.First(pair => pair.Name == name).Vector;

    private static Tensor MatrixRows(WeightMatrix matrix, PlacedPart placed, ScalarType type)
    {
        using Tensor whole = matrix.Materialize();
        using Tensor part = whole.narrow(0, placed.Row, placed.Part.Rows);
        return part.to(type, copy: true).cpu();
    }

    // Learned positions are kept row by row; what is written has its columns again.
    private static Tensor VectorRows(Tensor vector, PlacedPart placed, ImmutableArray<long> shape, ScalarType type)
    {
        using Tensor detached = vector.detach();
        using Tensor rows = detached.reshape([-1, .. shape[1..]]);
        using Tensor part = rows.narrow(0, placed.Row, placed.Part.Rows);
        return part.to(type, copy: true).cpu();
    }
}
