using System.Collections.Frozen;
using System.Collections.Immutable;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>The numbers of a model by the parts of a checkpoint's tensors, for whoever writes one.</summary>
/// <param name="model">The model; must outlive this.</param>
public sealed class SlotRows(DecoderModel model)
{
    private readonly FrozenDictionary<string, WeightSlot> _slots = model.Slots.ToFrozenDictionary(slot => slot.Name);
    private readonly FrozenDictionary<string, Parameter> _vectors =
        model.NamedVectors.ToFrozenDictionary(pair => pair.Name, pair => pair.Vector);

    /// <summary>Whether a tensor holds matrices; else norms, biases or positions.</summary>
    /// <param name="stored">The tensor.</param>
    public bool IsMatrix(CheckpointTensor stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return _slots.ContainsKey(stored.Parts[0].Slot);
    }

    /// <summary>The element type of GGUF in whose blocks all parts of a tensor are stored.</summary>
    /// <param name="stored">The tensor.</param>
    /// <returns>The type; null where parts have others, or are not whole rows of blocks.</returns>
    public GgmlType? BlockType(CheckpointTensor stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        GgmlType?[] types = [.. stored.Parts.Select(placed => BlocksOf(placed)?.Type).Distinct()];
        return types.Length == 1 ? types[0] : null;
    }

    /// <summary>The rows of a part in the blocks that they are stored in.</summary>
    /// <param name="placed">A part of a tensor that has a <see cref="BlockType"/>.</param>
    /// <returns>uint8 [rows, bytes of a row] on the CPU, a view; belongs to the current dispose scope.</returns>
    public Tensor Blocks(SlotPart placed)
    {
        ArgumentNullException.ThrowIfNull(placed);
        return BlocksOf(placed)!.Rows.narrow(0, placed.Row, placed.Part.Rows);
    }

    /// <summary>The rows of a part, multiplied out whatever their form is.</summary>
    /// <param name="stored">The tensor.</param>
    /// <param name="placed">One of its parts.</param>
    /// <returns>float32 [rows, …] on the CPU, a copy; belongs to the current dispose scope.</returns>
    public Tensor Rows(CheckpointTensor stored, SlotPart placed)
    {
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(placed);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();

        // Learned positions are kept row by row; what is written has its columns again.
        Tensor whole = _slots.TryGetValue(placed.Slot, out WeightSlot? slot)
            ? slot.Matrix.Materialize()
            : _vectors[placed.Slot].reshape([-1, .. stored.Shape.Skip(1)]);
        return whole.narrow(0, placed.Row, placed.Part.Rows).to(CPU, copy: true).MoveToOuterDisposeScope();
    }

    private BlockRows? BlocksOf(SlotPart placed) =>
        placed.Part is { IsTransposed: false, Added: 0 } && _slots.TryGetValue(placed.Slot, out WeightSlot? slot)
            ? slot.Matrix.ToBlocks()
            : null;
}
