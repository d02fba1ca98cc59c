using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>A block between two norms, each of which may be absent.</summary>
/// <typeparam name="T">Kind of block.</typeparam>
/// <param name="Before">Norm of what the block reads, or null.</param>
/// <param name="Block">The block.</param>
/// <param name="After">Norm of what the block returns, or null.</param>
internal sealed record NormedBlock<T>(Norm? Before, T Block, Norm? After)
{
    /// <summary>Runs norms and block.</summary>
    /// <param name="x">float32 [batch, tokens, hidden].</param>
    /// <param name="run">Runs the block.</param>
    /// <returns>float32 [batch, tokens, hidden]; belongs to the current dispose scope.</returns>
    public Tensor Apply(Tensor x, Func<T, Tensor, Tensor> run)
    {
        Tensor made = run(Block, Before?.Apply(x) ?? x);
        return After?.Apply(made) ?? made;
    }
}
