using System.Runtime.InteropServices;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Transformer.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.Blocks;

/// <summary>
/// Blocks in the bytes of GGUF: one tensor <c>NAME.blocks</c>, uint8 [rows, bytes of a row]. Nothing of them trains.
/// </summary>
internal sealed class BlockValues : DecodedValues
{
    // A span addresses less than 2 GiB of float32.
    private const long ElementsAtOnce = 1 << 24;

    private readonly BlockFormat _format;
    private Tensor _blocks;
    private Device _device;

    /// <summary>Copies blocks.</summary>
    /// <param name="format">Their type.</param>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="blocks">uint8 [rows, bytes of a row]; stays the caller's.</param>
    public BlockValues(BlockFormat format, long rows, long columns, Tensor blocks)
        : base(format, rows, columns)
    {
        _format = format;
        _device = blocks.device;
        _blocks = blocks.to(CPU, copy: true).contiguous().DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> Parameters => [];

    /// <inheritdoc/>
    public override BlockRows ToBlocks() => new(_format.Grid.Type, _blocks);

    /// <inheritdoc/>
    public override void RoundToStored()
    {
    }

    /// <summary>Rounds the product anew: codes and steps change.</summary>
    /// <inheritdoc/>
    public override void Scale(double factor)
    {
        if (!double.IsFinite(factor))
        {
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "must be finite");
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var rounded = (BlockValues)_format.Encode(Value() * factor);
        _blocks.copy_(rounded._blocks);
        Forget();
    }

    /// <inheritdoc/>
    public override void MoveTo(Device device)
    {
        _device = device;
        Forget();
    }

    /// <inheritdoc/>
    protected override Tensor Decode(bool training)
    {
        using var scope = NewDisposeScope();
        Tensor values = empty(Rows, Columns);
        long step = long.Max(1, ElementsAtOnce / long.Max(1, Columns));
        for (long first = 0; first < Rows; first += step)
        {
            using var chunkScope = NewDisposeScope();
            long count = long.Min(step, Rows - first);
            Tensor into = values.narrow(0, first, count);
            GgmlBlocks.Decode(
                _format.Grid.Type,
                _blocks.narrow(0, first, count).bytes,
                MemoryMarshal.Cast<byte, float>(into.bytes));
        }

        return values.to(_device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override IEnumerable<StoredTensor> StoreBlock(string prefix) =>
        [new StoredTensor($"{prefix}.blocks", _blocks.clone())];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _blocks.Dispose();
    }
}
