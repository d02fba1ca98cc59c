using System.Numerics;
using Hypercompress.Exports.Sites;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Integers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Exports.Onnx;

/// <summary>The rounding of a model to 4 bits for a graph.</summary>
internal static class OnnxRounding
{
    private const int SmallestBlock = 16;

    /// <summary>The format that matrices are rounded to.</summary>
    public static IntegerFormat Format { get; } = new(bits: 4, groupSize: 32, isAffine: false);

    /// <summary>Whether a graph can hold codes of a layout unchanged.</summary>
    /// <param name="layout">The layout.</param>
    public static bool Holds(CodeLayout layout) =>
        layout.Bits is 4 or 8 && layout.GroupSize >= SmallestBlock && int.IsPow2(layout.GroupSize);

    /// <summary>Whether a graph can hold such codes and pick rows out of them, too.</summary>
    /// <param name="layout">The layout.</param>
    public static bool HoldsShared(CodeLayout layout) => Holds(layout) && !layout.IsAffine;

    /// <summary>Codes that a graph gives one scale, so that a row is a whole number of blocks.</summary>
    /// <param name="codes">The codes; a row of a single group may be shorter than a group.</param>
    public static long BlockSize(GroupCodes codes) => codes.Scales.shape[1] > 1
        ? codes.Layout.GroupSize
        : Math.Max(SmallestBlock, (long)BitOperations.RoundUpToPowerOf2((ulong)codes.Columns));

    /// <summary>
    /// A model of the rounded matrices; its head is untied, since rows of an embedding are picked unrounded.
    /// </summary>
    /// <param name="model">The model; not changed.</param>
    /// <returns>A model that the caller disposes.</returns>
    public static DecoderModel Copy(DecoderModel model)
    {
        using var noGrad = no_grad();
        Dictionary<string, WeightSlot> slots = model.Slots.ToDictionary(slot => slot.Name);
        Dictionary<string, Parameter> vectors = model.NamedVectors.ToDictionary(pair => pair.Name, pair => pair.Vector);
        WeightMatrix embedding = slots[DecoderLayout.EmbeddingName].Matrix;
        return DecoderModel.Assemble(
            model.Config with { TieEmbeddings = false },
            slot => slot.Kind == WeightSlotKind.Embedding ? new DenseMatrix(embedding.Materialize())
                : slots.TryGetValue(slot.Name, out WeightSlot? own) ? Copy(own.Matrix, Holds, Rounded)
                : Copy(embedding, HoldsShared, Tied),
            vector => vectors[vector.Name].clone());
    }

    private static DenseMatrix Copy(WeightMatrix matrix, Func<CodeLayout, bool> holds, Func<SiteTerm, Tensor> rounded)
    {
        using var scope = NewDisposeScope();
        return new DenseMatrix(SiteTerms.Of(matrix, holds).Select(rounded).Aggregate((sum, next) => sum + next));
    }

    // A tied head shares the factors of the embedding, whose rows are picked unrounded.
    private static Tensor Tied(SiteTerm term) =>
        term is FactorTerm factors ? factors.Up.matmul(factors.Down) : Rounded(term);

    private static Tensor Rounded(SiteTerm term) => term switch
    {
        CodedTerm coded => coded.Decode(),
        FactorTerm factors => Rounded(factors.Up).matmul(Rounded(factors.Down)),
        _ => Rounded(((DenseTerm)term).Values),
    };

    private static Tensor Rounded(Tensor values) => SiteTerms.Round(values, Format).Decode();
}
