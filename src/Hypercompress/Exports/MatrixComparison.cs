using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Exports;

/// <summary>
/// Compares matrices that were rounded to few bits: what that does to logits depends on the model, but a permuted or
/// misplaced row differs by more than its own size.
/// </summary>
internal static class MatrixComparison
{
    /// <summary>The difference that storing a matrix in a type and multiplying out its factors can cause.</summary>
    /// <param name="type">Float32, Float16 or BFloat16.</param>
    public static double ToleranceOf(ScalarType type) => type switch
    {
        ScalarType.Float32 => 1e-6,
        ScalarType.Float16 => 2e-3,
        _ => 1e-2,
    };

    /// <summary>The largest difference of the matrices of two models.</summary>
    /// <param name="model">The model.</param>
    /// <param name="copy">A rounded model of the same places.</param>
    /// <returns>
    /// The part of a matrix that its copy does not have, in sizes of the matrix; infinite when the copy has no such
    /// place. A factor between them is none of it: the scale of attention may have gone into the queries.
    /// </returns>
    public static double Largest(DecoderModel model, DecoderModel copy)
    {
        using var noGrad = no_grad();
        Dictionary<string, WeightSlot> slots = copy.Slots.ToDictionary(slot => slot.Name);
        return model.Slots.Max(own => slots.TryGetValue(own.Name, out WeightSlot? other)
            ? Difference(own.Matrix, other.Matrix)
            : double.PositiveInfinity);
    }

    private static double Difference(WeightMatrix own, WeightMatrix copy)
    {
        using var scope = NewDisposeScope();
        (Tensor values, Tensor other) = (own.Materialize(), copy.Materialize());
        (double size, double otherSize) = (values.norm().item<float>(), other.norm().item<float>());
        double difference = ((values / size) - (other / otherSize)).norm().item<float>();
        return size == 0 ? otherSize : double.IsNaN(difference) ? double.PositiveInfinity : difference;
    }
}
