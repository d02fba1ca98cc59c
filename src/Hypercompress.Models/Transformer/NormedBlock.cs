using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>A block between two norms, each of which may be absent.</summary>
/// <typeparam name="T">Kind of block.</typeparam>
/// <param name="Before">Norm of what the block reads, or null.</param>
/// <param name="Block">The block.</param>
/// <param name="After">Norm of what the block returns, or null.</param>
internal sealed record NormedBlock<T>(Norm? Before, T Block, Norm? After)
{
    /// <summary>The block's input from the residual stream; belongs to the current dispose scope.</summary>
    /// <param name="stream">float32 [batch, tokens, hidden].</param>
    public Tensor Read(Tensor stream) => Before?.Apply(stream) ?? stream.alias();

    /// <summary>
    /// The block's output, which is added to the residual stream; belongs to the current dispose
    /// scope.
    /// </summary>
    /// <param name="made">What the block returned, float32 [batch, tokens, hidden].</param>
    public Tensor Write(Tensor made) => After?.Apply(made) ?? made;
}
