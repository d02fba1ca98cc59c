using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer.Rotary;

/// <summary>Cosines and sines of positions, one row each.</summary>
/// <param name="Cosines">float32 [positions, rotated values / 2].</param>
/// <param name="Sines">float32 [positions, rotated values / 2].</param>
internal sealed record RotaryAngles(Tensor Cosines, Tensor Sines)
{
    /// <summary>The rotations of some rows; views.</summary>
    public RotaryAngles Narrow(long start, long count) =>
        new(Cosines.narrow(0, start, count), Sines.narrow(0, start, count));

    /// <summary>The rotations of tokens at any positions.</summary>
    /// <param name="positions">int64 [tokens].</param>
    public RotaryAngles At(Tensor positions) =>
        new(Cosines.index_select(0, positions), Sines.index_select(0, positions));

    /// <summary>
    /// Rotates the first values of heads in the half-split convention: (a, b) → (a cos − b sin, b cos + a sin).
    /// </summary>
    /// <param name="heads">float32 [batch, heads, positions, head_dim].</param>
    /// <returns>A new tensor of the same shape.</returns>
    public Tensor Rotate(Tensor heads)
    {
        using var scope = NewDisposeScope();
        long half = Cosines.shape[1];
        long kept = heads.shape[^1] - (2 * half);
        Tensor first = heads.narrow(-1, 0, half);
        Tensor second = heads.narrow(-1, half, half);
        Tensor[] rotated = [(first * Cosines) - (second * Sines), (second * Cosines) + (first * Sines)];
        return cat(kept == 0 ? rotated : [.. rotated, heads.narrow(-1, 2 * half, kept)], -1).MoveToOuterDisposeScope();
    }
}
