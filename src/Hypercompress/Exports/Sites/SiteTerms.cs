using System.Collections.Immutable;
using Hypercompress.Forms;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using static TorchSharp.torch;

namespace Hypercompress.Exports.Sites;

/// <summary>
/// Takes what stands at a site apart into terms that graphs and modules of other programs can have: factors stay factors,
/// integer codes stay codes where they are wanted, all else becomes one dense matrix.
/// </summary>
internal static class SiteTerms
{
    private const string Site = "site";
    private const string Values = Site + ".values";

    /// <summary>The terms of a matrix; tensors belong to the current dispose scope.</summary>
    /// <param name="matrix">Any form.</param>
    /// <param name="keepsCodes">Whether a format of integers is kept as codes; others are decoded. Null keeps none.</param>
    /// <returns>At least one; dense ones are added up.</returns>
    public static ImmutableArray<SiteTerm> Of(WeightMatrix matrix, Func<ValueFormat, bool>? keepsCodes = null)
    {
        ImmutableArray<SiteTerm> parts = [.. Parts(matrix).Select(part => Single(part, keepsCodes))];
        DenseTerm[] dense = [.. parts.OfType<DenseTerm>()];
        SiteTerm[] others = [.. parts.Where(part => part is not DenseTerm)];

        // Beside a dense matrix, factors would only cost.
        if (dense.Length > 0 && others.All(term => term is FactorTerm))
        {
            return [new DenseTerm(matrix.Materialize())];
        }

        return dense.Length == 0
            ? Worthwhile(matrix, parts)
            : [.. others, new DenseTerm(dense.Select(term => term.Values).Aggregate((sum, next) => sum + next))];
    }

    /// <summary>The integer codes of a dense form, or null when it has none.</summary>
    /// <param name="matrix">Any form.</param>
    /// <returns>Tensors belong to the current dispose scope.</returns>
    public static CodedTerm? CodesOf(WeightMatrix matrix)
    {
        if (matrix is not DenseForm form || FormatOf(form) is not { IsInteger: true } format)
        {
            return null;
        }

        Dictionary<string, Tensor> stored = form.Store(Site).ToDictionary(tensor => tensor.Name, tensor => tensor.Value);
        return new CodedTerm(
            format, form.Columns, stored[Values + ".codes"], stored[Values + ".scales"],
            stored.GetValueOrDefault(Values + ".minimums"));
    }

    /// <summary>How the values of a dense form are stored; null for other forms.</summary>
    /// <param name="matrix">Any form.</param>
    public static ValueFormat? FormatOf(WeightMatrix matrix) =>
        matrix is DenseForm form ? ValueFormat.Parse(form.Describe().Formats.Values.Single()) : null;

    /// <summary>Codes of a matrix that is rounded anew.</summary>
    /// <param name="values">float32 [rows, columns].</param>
    /// <param name="format">A format of integers.</param>
    /// <returns>Tensors belong to the current dispose scope.</returns>
    public static CodedTerm Round(Tensor values, ValueFormat format)
    {
        using DenseForm form = DenseForm.From(values, format);
        return CodesOf(form)!;
    }

    private static IEnumerable<WeightMatrix> Parts(WeightMatrix matrix) =>
        matrix is SumForm sum ? sum.Parts.SelectMany(Parts) : [matrix];

    private static SiteTerm Single(WeightMatrix matrix, Func<ValueFormat, bool>? keepsCodes) => matrix switch
    {
        ILatentMatrix latent => Factors(matrix, latent),
        _ when keepsCodes is not null && FormatOf(matrix) is { IsInteger: true } format && keepsCodes(format) => CodesOf(matrix)!,
        _ => new DenseTerm(matrix.Materialize()),
    };

    // What a matrix does to the unit vectors is the matrix: this asks nothing of how the factors are stored.
    private static FactorTerm Factors(WeightMatrix matrix, ILatentMatrix latent)
    {
        using var noGrad = no_grad();
        return new FactorTerm(
            latent.Decode(eye(latent.Rank)).t().contiguous(), latent.Encode(eye(matrix.Columns)).t().contiguous());
    }

    private static ImmutableArray<SiteTerm> Worthwhile(WeightMatrix matrix, ImmutableArray<SiteTerm> terms)
    {
        long rank = terms.OfType<FactorTerm>().Sum(term => term.Down.shape[0]);
        return terms.All(term => term is FactorTerm) && rank * (matrix.Rows + matrix.Columns) >= matrix.Rows * matrix.Columns
            ? [new DenseTerm(matrix.Materialize())]
            : terms;
    }
}
