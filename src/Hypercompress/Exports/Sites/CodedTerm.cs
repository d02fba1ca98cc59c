using Hypercompress.NumberFormats;
using static TorchSharp.torch;

namespace Hypercompress.Exports.Sites;

/// <summary>Integer codes with a scale, and perhaps a minimum, for each group of neighbours in a row.</summary>
/// <param name="Format">A format of integers.</param>
/// <param name="Columns">Columns of the matrix.</param>
/// <param name="Codes">uint8 [rows, bytes]: each row a stream of bits, lowest bit first; symmetric ones with 2^(bits−1) added.</param>
/// <param name="Scales">float16 [rows, groups].</param>
/// <param name="Minimums">float16 [rows, groups] of an affine format; else null.</param>
internal sealed record CodedTerm(ValueFormat Format, long Columns, Tensor Codes, Tensor Scales, Tensor? Minimums) : SiteTerm
{
    /// <summary>Rows of the matrix.</summary>
    public long Rows => Codes.shape[0];

    /// <summary>The numbers.</summary>
    /// <returns>float32 [rows, columns]; belongs to the current dispose scope.</returns>
    public Tensor Decode()
    {
        using var scope = NewDisposeScope();
        using var values = new IntegerValues(Format, BitPacking.Unpack(Codes, Columns, Format.Bits), Scales, Minimums);
        return values.Value().clone().MoveToOuterDisposeScope();
    }
}
