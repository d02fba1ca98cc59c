using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Integers;
using static TorchSharp.torch;

namespace Hypercompress.Exports.Sites;

/// <summary>Integer codes with a scale, and perhaps a minimum, for each group of neighbours in a row.</summary>
/// <param name="Values">The codes.</param>
internal sealed record CodedTerm(GroupCodes Values) : SiteTerm
{
    /// <summary>The numbers.</summary>
    /// <returns>float32 [rows, columns]; belongs to the current dispose scope.</returns>
    public Tensor Decode()
    {
        using var scope = NewDisposeScope();
        bool hasPoints = Values.ZeroPoints is not null;
        var format = new IntegerFormat(
            Values.Layout.Bits, Values.Layout.GroupSize, Values.Layout.IsAffine && !hasPoints, hasPoints);
        using var values = new IntegerValues(
            format, Values.Codes, Values.Scales, format.IsAffine ? Values.Minimums : null, Values.ZeroPoints);
        return values.Value().clone().MoveToOuterDisposeScope();
    }
}
