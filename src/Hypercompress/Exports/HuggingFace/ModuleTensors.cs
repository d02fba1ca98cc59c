using System.Collections.Immutable;
using Hypercompress.Exports.Sites;
using Hypercompress.Forms;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Exports.HuggingFace;

/// <summary>The tensors of modules that are not those of the stock model, and the way back from them.</summary>
/// <param name="type">Element type of plain numbers.</param>
/// <param name="keepsCodes">Whether integer codes and sparse values are kept; otherwise they are decoded.</param>
internal sealed class ModuleTensors(ScalarType type, bool keepsCodes)
{
    /// <summary>The exported form of some rows of a matrix.</summary>
    /// <param name="matrix">Any form.</param>
    /// <param name="row">First row.</param>
    /// <param name="rows">How many.</param>
    public ExportedForm FormOf(WeightMatrix matrix, long row, long rows)
    {
        using var scope = NewDisposeScope();
        if (keepsCodes && matrix is SparseForm sparse)
        {
            return new ExportedForm(ExportedForm.Sparse, rows, Mask(sparse).narrow(0, row, rows).sum().item<long>());
        }

        return Term(matrix) switch
        {
            FactorTerm factors => new ExportedForm(ExportedForm.LowRank, rows, factors.Down.shape[0]),
            CodedTerm coded => new ExportedForm(ExportedForm.Coded, rows, Layout: coded.Values.Layout),
            _ => new ExportedForm(ExportedForm.Dense, rows),
        };
    }

    /// <summary>The tensors of a linear module.</summary>
    /// <param name="prefix">Name of the module.</param>
    /// <param name="matrix">Any form.</param>
    /// <param name="form">The result of <see cref="FormOf"/> for these rows.</param>
    /// <param name="row">First row.</param>
    public IEnumerable<TensorToWrite> Linear(string prefix, WeightMatrix matrix, ExportedForm form, long row) =>
        form.Kind switch
        {
            ExportedForm.LowRank =>
            [
                Plain($"{prefix}.first.weight", [form.Size, matrix.Columns], () => ((FactorTerm)Term(matrix)).Down),
            Plain(
                $"{prefix}.second.weight",
                [form.Rows, form.Size],
                () => ((FactorTerm)Term(matrix)).Up.narrow(0, row, form.Rows)),
        ],
            ExportedForm.Dense =>
                [Plain($"{prefix}.weight", [form.Rows, matrix.Columns], () =>
                matrix.Materialize().narrow(0, row, form.Rows))],
            _ => Stored($"{prefix}.stored", matrix, form, row),
        };

    /// <summary>The tensors of an embedding that is not a plain table.</summary>
    /// <param name="prefix">Name of the module.</param>
    /// <param name="matrix">Any form.</param>
    /// <param name="form">The result of <see cref="FormOf"/> for all rows; not dense.</param>
    public IEnumerable<TensorToWrite> Embedding(string prefix, WeightMatrix matrix, ExportedForm form) =>
        form.Kind switch
        {
            ExportedForm.LowRank =>
            [
                Plain($"{prefix}.first.weight", [form.Rows, form.Size], () => ((FactorTerm)Term(matrix)).Up),
            Plain($"{prefix}.second.weight", [matrix.Columns, form.Size], () => ((FactorTerm)Term(matrix)).Down.t()),
        ],
            _ => [.. Stored($"{prefix}.stored", matrix, form, 0), Plain($"{prefix}.anchor", [1], () => zeros(1))],
        };

    /// <summary>Reads a linear module back.</summary>
    /// <param name="tensors">The exported tensors.</param>
    /// <param name="prefix">Name of the module.</param>
    /// <param name="form">Its entry.</param>
    /// <param name="columns">Input features.</param>
    /// <returns>float32 [rows, columns]; belongs to the current dispose scope.</returns>
    public static Tensor ReadLinear(ITensorSource tensors, string prefix, ExportedForm form, long columns)
    {
        using var scope = NewDisposeScope();
        Tensor Single(string name) => tensors.Read($"{prefix}.{name}").to(ScalarType.Float32);
        Tensor values = form.Kind switch
        {
            ExportedForm.LowRank => Single("second.weight").matmul(Single("first.weight")),
            ExportedForm.Dense => Single("weight"),
            ExportedForm.Sparse => ReadSparse(tensors, prefix, columns),
            _ => ReadCoded(tensors, prefix, form, columns),
        };
        return values.MoveToOuterDisposeScope();
    }

    /// <summary>Reads an embedding back.</summary>
    /// <inheritdoc cref="ReadLinear"/>
    public static Tensor ReadEmbedding(ITensorSource tensors, string prefix, ExportedForm form, long columns)
    {
        using var scope = NewDisposeScope();
        if (form.Kind != ExportedForm.LowRank)
        {
            return ReadLinear(tensors, prefix, form, columns).MoveToOuterDisposeScope();
        }

        Tensor first = tensors.Read($"{prefix}.first.weight").to(ScalarType.Float32);
        Tensor second = tensors.Read($"{prefix}.second.weight").to(ScalarType.Float32);
        return first.matmul(second.t()).MoveToOuterDisposeScope();
    }

    private static Tensor ReadCoded(ITensorSource tensors, string prefix, ExportedForm form, long columns)
    {
        string minimums = $"{prefix}.stored.minimums";
        return new CodedTerm(new GroupCodes(
            form.Layout!,
            BitPacking.Unpack(tensors.Read($"{prefix}.stored.codes"), columns, form.Layout!.Bits),
            tensors.Read($"{prefix}.stored.scales"),
            tensors.Tensors.ContainsKey(minimums) ? tensors.Read(minimums) : null)).Decode();
    }

    private static Tensor ReadSparse(ITensorSource tensors, string prefix, long columns)
    {
        Tensor packed = tensors.Read($"{prefix}.stored.mask");
        Tensor mask = BitPacking.Unpack(packed, packed.shape[1] * 8, 1).narrow(1, 0, columns).to(ScalarType.Bool);
        Tensor values = tensors.Read($"{prefix}.stored.values").to(ScalarType.Float32);
        return zeros(packed.shape[0], columns).masked_scatter(mask, values);
    }

    private static Tensor Mask(SparseForm sparse) =>
        BitPacking.Unpack(sparse.PackMask(), sparse.Columns, 1);

    // A sum of several terms is one dense matrix here.
    private SiteTerm Term(WeightMatrix matrix)
    {
        ImmutableArray<SiteTerm> terms = SiteTerms.Of(matrix, keepsCodes ? _ => true : null);
        return terms.Length == 1 ? terms[0]
            : terms.All(term => term is FactorTerm) ? Joined([.. terms.Cast<FactorTerm>()])
            : new DenseTerm(matrix.Materialize());
    }

    private static FactorTerm Joined(FactorTerm[] terms) => new(
        cat([.. terms.Select(term => term.Up)], 1), cat([.. terms.Select(term => term.Down)], 0));

    private IEnumerable<TensorToWrite> Stored(string prefix, WeightMatrix matrix, ExportedForm form, long row)
    {
        if (form.Kind == ExportedForm.Sparse)
        {
            var sparse = (SparseForm)matrix;
            long width = BitPacking.RowBytes(matrix.Columns, 1);
            return
            [
                LazyTensor.Of(
                    $"{prefix}.mask", ScalarType.Byte, [form.Rows, width], () =>
                    sparse.PackMask().narrow(0, row, form.Rows)),
                LazyTensor.Of($"{prefix}.values", ScalarType.Float16, [form.Size], () => matrix.Materialize().narrow(
                    0, row, form.Rows)
                    .masked_select(Mask(sparse).narrow(0, row, form.Rows).to(ScalarType.Bool)).to(ScalarType.Float16)),
            ];
        }

        long bytes = BitPacking.RowBytes(matrix.Columns, form.Layout!.Bits);
        long groups = (matrix.Columns + form.Layout.GroupSize - 1) / form.Layout.GroupSize;
        GroupCodes Codes() => ((CodedTerm)Term(matrix)).Values.Slice(row, form.Rows);
        TensorToWrite Halves(string name, Func<Tensor> values) =>
            LazyTensor.Of($"{prefix}.{name}", ScalarType.Float16, [form.Rows, groups], values);
        TensorToWrite[] written =
        [
            LazyTensor.Of($"{prefix}.codes", ScalarType.Byte, [form.Rows, bytes], () => Codes().Pack()),
            Halves("scales", () => Codes().Scales),
        ];
        return form.Layout.IsAffine ? [.. written, Halves("minimums", () => Codes().Minimums!)] : written;
    }

    private TensorToWrite Plain(string name, ImmutableArray<long> shape, Func<Tensor> values) =>
        LazyTensor.Of(name, type, shape, () => values().to(type));
}
