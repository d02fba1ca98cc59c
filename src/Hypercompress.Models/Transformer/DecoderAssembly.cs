using System.Collections.Frozen;
using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>Puts matrices and vectors into the slots of a decoder, checked against its layout.</summary>
internal static class DecoderAssembly
{
    /// <summary>Fills all slots.</summary>
    /// <param name="config">Sizes and choices.</param>
    /// <param name="matrix">Gives the matrix of a slot; owned by the slot from then on.</param>
    /// <param name="vector">Gives a norm or bias as float32 [length]; owned by the slot from then on.</param>
    /// <returns>The slots, which the caller releases.</returns>
    /// <exception cref="ArgumentException">A matrix or vector has another shape than its layout.</exception>
    public static (ImmutableArray<WeightSlot> Slots, ImmutableArray<VectorSlot> Vectors) Make(
        DecoderConfig config, Func<SlotLayout, WeightMatrix> matrix, Func<VectorLayout, Tensor> vector)
    {
        var layout = new DecoderLayout(config);
        var slots = ImmutableArray.CreateBuilder<WeightSlot>(layout.Slots.Length);
        var vectors = ImmutableArray.CreateBuilder<VectorSlot>(layout.Vectors.Length);
        try
        {
            foreach (SlotLayout slot in layout.Slots)
            {
                slots.Add(new WeightSlot(slot.Name, slot.Kind, slot.Layer, matrix(slot)));
                CheckShape(slot, slots[^1].Matrix);
            }

            foreach (VectorLayout wanted in layout.Vectors)
            {
                vectors.Add(new VectorSlot(wanted.Name, vector(wanted)));
                CheckLength(wanted, vectors[^1].Value);
            }

            return (slots.MoveToImmutable(), vectors.MoveToImmutable());
        }
        catch
        {
            Release(slots, vectors);
            throw;
        }
    }

    /// <summary>Releases the weights of slots.</summary>
    /// <param name="slots">Matrices.</param>
    /// <param name="vectors">Norms and biases.</param>
    public static void Release(IEnumerable<WeightSlot> slots, IEnumerable<VectorSlot> vectors)
    {
        foreach (WeightSlot slot in slots)
        {
            slot.Matrix.Dispose();
        }

        foreach (VectorSlot vector in vectors)
        {
            vector.Dispose();
        }
    }

    /// <summary>A number of layers that is only claimed must not decide how much is laid out.</summary>
    public static void RequireLayers(DecoderConfig config, ITensorSource source)
    {
        if (config.Layers > source.Tensors.Count)
        {
            string file = source.Tensors.Values.FirstOrDefault()?.File ?? "the checkpoint";
            throw new CheckpointException(
                file, $"has {source.Tensors.Count} tensors, which cannot be those of {config.Layers} layers");
        }
    }

    private static void CheckShape(SlotLayout slot, WeightMatrix matrix)
    {
        if (matrix.Rows != slot.Rows || matrix.Columns != slot.Columns)
        {
            throw new ArgumentException(
                $"{slot.Name} must be [{slot.Rows}, {slot.Columns}], found [{matrix.Rows}, {matrix.Columns}]",
                nameof(matrix));
        }
    }

    private static void CheckLength(VectorLayout wanted, Tensor vector)
    {
        if (vector.dim() != 1 || vector.shape[0] != wanted.Length || vector.dtype != ScalarType.Float32)
        {
            string found = $"{vector.dtype} [{string.Join(", ", vector.shape)}]";
            throw new ArgumentException(
                $"{wanted.Name} must be Float32 [{wanted.Length}], found {found}", nameof(vector));
        }
    }
}
