using Hypercompress.Models.Architectures;
using Hypercompress.Models.Transformer.Rotary;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>How one layer makes heads of projected rows.</summary>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyValueHeads">Key/value heads.</param>
/// <param name="Dimension">Width of a head.</param>
/// <param name="Attention">Window, rotation and scale.</param>
/// <param name="Rotary">The rotation, or null.</param>
/// <param name="QueryNorm">Norm of the queries, or null.</param>
/// <param name="KeyNorm">Norm of the keys, or null.</param>
/// <param name="NormalizesWholeRows">Whether these norms take all heads together.</param>
internal sealed record HeadShape(
    int Heads,
    int KeyValueHeads,
    int Dimension,
    LayerAttention Attention,
    RotaryEmbedding? Rotary,
    Norm? QueryNorm,
    Norm? KeyNorm,
    bool NormalizesWholeRows)
{
    private const double Negligible = 1e-12;

    // What the attention kernel does not bring itself: it divides by the root of the head's width.
    private readonly double _queryFactor = Attention.Scale * Math.Sqrt(Dimension);

    /// <summary>Query heads that share a key/value head.</summary>
    public int Group => Heads / KeyValueHeads;

    /// <summary>Queries, normalised, rotated and scaled.</summary>
    /// <param name="rows">float32 [batch, tokens, query rows].</param>
    /// <param name="angles">Rotations of these tokens, or null.</param>
    /// <returns>float32 [batch, heads, tokens, width]; belongs to the current dispose scope.</returns>
    public Tensor ToQueries(Tensor rows, RotaryAngles? angles)
    {
        Tensor queries = ToRotated(rows, Heads, QueryNorm, angles);
        return Math.Abs(_queryFactor - 1) < Negligible ? queries : queries * _queryFactor;
    }

    /// <summary>Keys, normalised and rotated.</summary>
    /// <param name="rows">float32 [batch, tokens, key rows].</param>
    /// <param name="angles">Rotations of these tokens, or null.</param>
    /// <returns>float32 [batch, key/value heads, tokens, width]; belongs to the current dispose scope.</returns>
    public Tensor ToKeys(Tensor rows, RotaryAngles? angles) => ToRotated(rows, KeyValueHeads, KeyNorm, angles);

    /// <summary>Values.</summary>
    /// <param name="rows">float32 [batch, tokens, value rows].</param>
    /// <returns>float32 [batch, key/value heads, tokens, width]; belongs to the current dispose scope.</returns>
    public Tensor ToValues(Tensor rows) => Split(rows, KeyValueHeads).transpose(1, 2);

    private Tensor ToRotated(Tensor rows, int heads, Norm? norm, RotaryAngles? angles)
    {
        Tensor split = norm is null ? Split(rows, heads)
            : NormalizesWholeRows ? Split(norm.Apply(rows), heads)
            : norm.Apply(Split(rows, heads));
        Tensor turned = split.transpose(1, 2);
        return angles is null ? turned : angles.Rotate(turned);
    }

    private Tensor Split(Tensor rows, int heads) => rows.unflatten(2, heads, Dimension);
}
