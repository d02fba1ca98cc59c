using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Blocks;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Quantization;

/// <summary>Blocks of GGUF: a sweep with error feedback, then a descent over blocks.</summary>
internal static class BlockSolver
{
    /// <summary>Finds the blocks.</summary>
    /// <param name="target">T or some of its rows, float32 [m, n].</param>
    /// <param name="format">A block format that holds such rows.</param>
    /// <param name="inputs">H.</param>
    /// <returns>Values that the caller disposes.</returns>
    internal static StoredValues Encode(Tensor target, BlockFormat format, InputMoment inputs)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        format.RequireEncodable(target);
        ColumnSweepFactor sweep = inputs.BlockSweep(BlockSweep.GroupsOf(format.Grid));
        Tensor blocks = BlockSweep.Run(target, sweep, format.Grid);
        new BlockDescent(target.cpu(), inputs.Moment.to(ScalarType.Float32).cpu(), format).Improve(blocks);
        return new BlockValues(format, target.shape[0], target.shape[1], blocks.to(target.device));
    }
}
