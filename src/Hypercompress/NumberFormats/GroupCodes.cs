using static TorchSharp.torch;

namespace Hypercompress.NumberFormats;

/// <summary>A block of numbers as integer codes with a scale, and perhaps a minimum, per group.</summary>
/// <param name="Layout">Bits, group size and whether there are minimums.</param>
/// <param name="Codes">uint8 [rows, columns], contiguous on the CPU.</param>
/// <param name="Scales">float16 [rows, groups].</param>
/// <param name="Minimums">float16 [rows, groups] of an affine layout, otherwise null.</param>
public sealed record GroupCodes(CodeLayout Layout, Tensor Codes, Tensor Scales, Tensor? Minimums)
{
    /// <summary>
    /// uint8 [rows, groups]: the codes whose value is zero; the minimums are then those products, rounded. Null where
    /// minimums are numbers of their own.
    /// </summary>
    public Tensor? ZeroPoints { get; init; }

    /// <summary>Rows of the block.</summary>
    public long Rows => Codes.shape[0];

    /// <summary>Columns of the block.</summary>
    public long Columns => Codes.shape[1];

    /// <summary>Some of the rows.</summary>
    /// <param name="first">0-based first row.</param>
    /// <param name="count">Number of rows.</param>
    /// <returns>Views, which belong to the current dispose scope.</returns>
    public GroupCodes Slice(long first, long count) => new(
        Layout, Codes.narrow(0, first, count), Scales.narrow(0, first, count), Minimums?.narrow(0, first, count))
    {
        ZeroPoints = ZeroPoints?.narrow(0, first, count),
    };

    /// <summary>The codes as a stream of bits per row, lowest bit first.</summary>
    /// <returns>uint8 [rows, ⌈columns·bits/8⌉], in the current dispose scope.</returns>
    public Tensor Pack() => BitPacking.Pack(Codes, Layout.Bits);
}
