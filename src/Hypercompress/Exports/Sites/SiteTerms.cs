using System.Collections.Immutable;
using Hypercompress.Forms;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Integers;
using static TorchSharp.torch;

namespace Hypercompress.Exports.Sites;

/// <summary>
/// Takes the matrix of a site apart into terms that graphs and modules of other programs can have: factors stay
/// factors, integer codes stay codes where they are wanted, everything else becomes one dense matrix.
/// </summary>
internal static class SiteTerms
{
    /// <summary>The terms of a matrix; tensors belong to the current dispose scope.</summary>
    /// <param name="matrix">Any form.</param>
    /// <param name="keepsCodes">
    /// Whether integer codes of a layout stay codes; others are decoded. Null keeps none.
    /// </param>
    /// <returns>At least one; dense ones are added up.</returns>
    public static ImmutableArray<SiteTerm> Of(WeightMatrix matrix, Func<CodeLayout, bool>? keepsCodes = null)
    {
        ImmutableArray<SiteTerm> parts = [.. Parts(matrix).Select(part => Single(part, keepsCodes))];
        DenseTerm[] dense = [.. parts.OfType<DenseTerm>()];
        SiteTerm[] others = [.. parts.Where(part => part is not DenseTerm)];

        // Beside a dense matrix, factors would only cost.
        if (dense.Length > 0 && parts.Length > 1 && others.All(term => term is FactorTerm))
        {
            return [new DenseTerm(matrix.Materialize())];
        }

        return dense.Length == 0
            ? Worthwhile(matrix, parts)
            : [.. others, dense.Aggregate((sum, next) => new DenseTerm(sum.Values + next.Values))];
    }

    /// <summary>The integer codes of a dense form, or null when it has none.</summary>
    /// <param name="matrix">Any form.</param>
    /// <returns>Tensors belong to the current dispose scope.</returns>
    public static CodedTerm? CodesOf(WeightMatrix matrix) =>
        matrix is DenseForm form && form.Values.Codes() is { } codes ? new CodedTerm(codes) : null;

    /// <summary>Codes of a matrix that is rounded again.</summary>
    /// <param name="values">float32 [rows, columns].</param>
    /// <param name="format">The format to round to.</param>
    /// <returns>Tensors belong to the current dispose scope.</returns>
    public static CodedTerm Round(Tensor values, IntegerFormat format)
    {
        using StoredValues rounded = format.Encode(values);
        return new CodedTerm(rounded.Codes()!);
    }

    private static IEnumerable<WeightMatrix> Parts(WeightMatrix matrix) =>
        matrix is SumForm sum ? sum.Parts.SelectMany(Parts) : [matrix];

    private static SiteTerm Single(WeightMatrix matrix, Func<CodeLayout, bool>? keepsCodes) => matrix switch
    {
        ILatentMatrix latent => Factors(matrix, latent),
        _ when keepsCodes is not null && CodesOf(matrix) is { } coded && keepsCodes(coded.Values.Layout) => coded,
        _ => new DenseTerm(matrix.Materialize(), TypeOf(matrix)),
    };

    // The one type that all numbers of a matrix are stored in.
    private static ScalarType? TypeOf(WeightMatrix matrix)
    {
        ValueFormat[] formats =
            matrix is FormMatrix form ? [.. form.StoredBlocks.Select(block => block.Format).Distinct()] : [];
        return formats is [FloatFormat floats] ? floats.Type : null;
    }

    // The images of the unit vectors are the matrix, in whatever way the factors are stored.
    private static FactorTerm Factors(WeightMatrix matrix, ILatentMatrix latent)
    {
        using var noGrad = no_grad();
        return new FactorTerm(
            latent.Decode(eye(latent.Rank)).t().contiguous(), latent.Encode(eye(matrix.Columns)).t().contiguous(),
            TypeOf(matrix));
    }

    private static ImmutableArray<SiteTerm> Worthwhile(WeightMatrix matrix, ImmutableArray<SiteTerm> terms)
    {
        long rank = terms.OfType<FactorTerm>().Sum(term => term.Down.shape[0]);
        return terms.All(term => term is FactorTerm)
            && rank * (matrix.Rows + matrix.Columns) >= matrix.Rows * matrix.Columns
            ? [new DenseTerm(matrix.Materialize())]
            : terms;
    }
}
