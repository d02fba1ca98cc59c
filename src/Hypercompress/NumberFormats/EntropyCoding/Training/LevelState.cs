using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding.Training;

/// <summary>The tensors of a training step, each float32 [rows, columns].</summary>
/// <param name="Latents">Latents in units of levels.</param>
/// <param name="First">First moments of the gradients per level.</param>
/// <param name="Second">Second moments of them.</param>
/// <param name="Gradient">Gradient of the values.</param>
/// <param name="Value">The values of the levels.</param>
internal sealed record LevelState(Tensor Latents, Tensor First, Tensor Second, Tensor Gradient, Tensor Value)
{
    /// <summary>Some rows, in the caller's scope.</summary>
    internal LevelState Rows(long first, long count) => new(
        Latents.narrow(0, first, count),
        First.narrow(0, first, count),
        Second.narrow(0, first, count),
        Gradient.narrow(0, first, count),
        Value.narrow(0, first, count));
}
