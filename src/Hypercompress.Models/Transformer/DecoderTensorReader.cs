using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>Reads what a layout asks for out of a checkpoint, checked and widened to float32.</summary>
internal sealed class DecoderTensorReader(DecoderConfig config, ITensorSource source)
{
    /// <summary>The matrix of a place.</summary>
    public WeightMatrix Matrix(SlotLayout slot)
    {
        ImmutableArray<LayoutPart> parts =
            slot.Kind == WeightSlotKind.Embedding && config.TieEmbeddings ? EitherName(slot.Parts) : slot.Parts;
        using var scope = NewDisposeScope();
        return new DenseMatrix(Stack(parts, part => [part.Rows, slot.Columns]));
    }

    /// <summary>A norm or bias.</summary>
    public Tensor Vector(VectorLayout vector) => Stack(vector.Parts, part => [part.Rows]);

    /// <summary>A tied checkpoint may keep the shared matrix under the name of its head only.</summary>
    private ImmutableArray<LayoutPart> EitherName(ImmutableArray<LayoutPart> parts)
    {
        string head = config.Family.HuggingFaceKeys.WeightName(TensorRole.Head, null);
        bool headOnly = !source.Tensors.ContainsKey(parts[0].TensorName) && source.Tensors.ContainsKey(head);
        return headOnly ? [parts[0] with { TensorName = head }] : parts;
    }

    private Tensor Stack(ImmutableArray<LayoutPart> parts, Func<LayoutPart, long[]> shape)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] read = [.. parts.Select(part => Read(part.TensorName, shape(part)))];
        Tensor stacked = read.Length == 1 ? read[0] : cat(read, 0);
        return stacked.MoveToOuterDisposeScope();
    }

    private Tensor Read(string name, long[] shape)
    {
        if (!source.Tensors.TryGetValue(name, out TensorInfo? info))
        {
            string file = source.Tensors.Values.FirstOrDefault()?.File ?? "the checkpoint";
            throw new CheckpointException(
                file,
                $"tensor \"{name}\" is missing; the configuration asks for it, as [{string.Join(", ", shape)}]");
        }

        if (!info.Shape.SequenceEqual(shape))
        {
            string found = string.Join(", ", info.Shape);
            throw new CheckpointException(
                info.File,
                $"tensor \"{name}\" must be [{string.Join(", ", shape)}] by the configuration, found [{found}]");
        }

        Tensor read = source.Read(name);
        return read.dtype == ScalarType.Float32 ? read : Widen(read);
    }

    private static Tensor Widen(Tensor read)
    {
        using (read)
        {
            return read.to(ScalarType.Float32);
        }
    }
}
