using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer.Reading;

/// <summary>
/// Reads what a layout asks for out of a checkpoint, checked and widened to float32. A tensor that holds several parts
/// is kept until another is asked for, so that it is read once.
/// </summary>
/// <param name="config">Sizes and choices.</param>
/// <param name="source">The checkpoint; stays the caller's.</param>
/// <param name="streams">Whether matrices stay in the checkpoint and are read when they are used.</param>
internal sealed class DecoderTensorReader(DecoderConfig config, ITensorSource source, bool streams = false)
    : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TensorFinder _finder = new(config.Family.HuggingFaceKeys, source);
    private (string Name, Tensor Value)? _fused;

    /// <summary>The matrix of a slot.</summary>
    public WeightMatrix Matrix(SlotLayout slot)
    {
        ImmutableArray<LayoutPart> parts = PartsOf(slot);
        using var scope = NewDisposeScope();
        return streams ? Streamed(parts, slot.Columns) : new DenseMatrix(Stack(parts, slot.Columns));
    }

    /// <summary>What a slot is made of, by the names that this checkpoint has.</summary>
    public ImmutableArray<LayoutPart> PartsOf(SlotLayout slot) =>
        slot.Kind == WeightSlotKind.Embedding && config.TieEmbeddings ? EitherName(slot.Parts) : slot.Parts;

    /// <summary>A norm, a bias or learned positions.</summary>
    public Tensor Vector(VectorLayout vector)
    {
        using var scope = NewDisposeScope();
        Tensor stacked = Stack(vector.Parts, vector.Columns);
        return stacked.to(ScalarType.Float32).reshape(-1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _fused?.Value.Dispose();

    /// <summary>A tied checkpoint may keep the shared matrix under the name of its head only.</summary>
    private ImmutableArray<LayoutPart> EitherName(ImmutableArray<LayoutPart> parts) =>
        _finder.Embedding is null && _finder.Head is { } head ? [parts[0] with { TensorName = head.Name }] : parts;

    private StreamedMatrix Streamed(ImmutableArray<LayoutPart> parts, long columns) =>
        new(parts.Sum(part => part.Rows), columns, () => ReadAgain(parts, columns));

    // By several threads, long after the model was put together.
    private Tensor ReadAgain(ImmutableArray<LayoutPart> parts, long columns)
    {
        lock (_gate)
        {
            Tensor values = Stack(parts, columns);
            _fused?.Value.Dispose();
            _fused = null;
            return values;
        }
    }

    private Tensor Stack(ImmutableArray<LayoutPart> parts, long columns)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] read = [.. parts.Select(part => Read(part, columns))];
        Tensor stacked = read.Length == 1 ? read[0].contiguous() : cat(read, 0);
        return stacked.MoveToOuterDisposeScope();
    }

    /// <summary>The rows of a part, float32; belongs to the current dispose scope.</summary>
    public Tensor Read(LayoutPart part, long columns)
    {
        long[] shape = columns == 0
            ? [part.TensorRows]
            : part.IsTransposed ? [columns, part.TensorRows] : [part.TensorRows, columns];
        if (part.Rows == part.TensorRows)
        {
            return part.IsPlain
                ? ReadWhole(part.TensorName, shape)
                : Owned(part.Take(ReadWhole(part.TensorName, shape)));
        }

        if (_fused?.Name != part.TensorName)
        {
            _fused?.Value.Dispose();
            _fused = null;
            _fused = (part.TensorName, ReadWhole(part.TensorName, shape).DetachFromDisposeScope());
        }

        return Owned(part.Take(_fused.Value.Value));
    }

    // What the slot keeps must not hold on to the memory of the whole tensor.
    private static Tensor Owned(Tensor view) => view.clone();

    private Tensor ReadWhole(string name, long[] shape)
    {
        TensorInfo info = _finder.Find(name) ?? throw Missing(name, shape);
        if (!info.Shape.SequenceEqual(shape))
        {
            string found = string.Join(", ", info.Shape);
            throw new CheckpointException(
                info.File,
                $"tensor \"{name}\" must be [{string.Join(", ", shape)}] by the configuration, found [{found}]");
        }

        Tensor read = source.Read(info.Name);
        return read.dtype == ScalarType.Float32 ? read
            : read.is_floating_point() ? Widen(read)
            : throw NoNumbers(info, read);
    }

    private CheckpointException Missing(string name, long[] shape)
    {
        string file = source.Tensors.Values.FirstOrDefault()?.File ?? "the checkpoint";
        return new CheckpointException(
            file, $"tensor \"{name}\" is missing; the configuration asks for it, as [{string.Join(", ", shape)}]");
    }

    private static CheckpointException NoNumbers(TensorInfo info, Tensor read)
    {
        read.Dispose();
        return new CheckpointException(
            info.File,
            $"tensor \"{info.Name}\" holds {info.DataType} integers, which are the codes of a quantized weight and not "
                + "its values; give the unquantized checkpoint");
    }

    private static Tensor Widen(Tensor read)
    {
        using (read)
        {
            return read.to(ScalarType.Float32);
        }
    }
}
