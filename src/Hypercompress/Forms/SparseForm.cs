using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Forms;

/// <summary>
/// Few values among zeros that are not stored. Kind <c>sparse</c>, number <c>nonzeros</c>; <c>SITE.mask</c> uint8
/// [rows, ⌈columns/8⌉], one bit per place, lowest bit first, and the block <c>SITE.values</c> [1, nonzeros] with the
/// values in row-major order (absent when there are none). Runs as a dense matrix, so that its multiply-adds
/// count the zeros too. Masked places stay zero whatever training does.
/// </summary>
public sealed class SparseForm : FormMatrix
{
    /// <summary>The kind in <see cref="FormDescription.Kind"/>.</summary>
    public const string Kind = "sparse";

    private const string NonzerosNumber = "nonzeros";
    private const string ValuesBlock = "values";
    private const string MaskTensor = "mask";

    private readonly StoredValues _values;
    private Tensor _mask;
    private Tensor? _dense;

    private SparseForm(StoredValues values, Tensor mask)
    {
        _values = values;
        (Rows, Columns) = (mask.shape[0], mask.shape[1]);
        _mask = mask;
        _mask.DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override long Rows { get; }

    /// <inheritdoc/>
    public override long Columns { get; }

    /// <summary>Values that are stored.</summary>
    public long Nonzeros => _values.Columns;

    /// <inheritdoc/>
    public override long StoredBytes => Bytes(Rows, Columns, Nonzeros, _values.Format);

    /// <inheritdoc/>
    public override long StoredParameters => Nonzeros;

    /// <inheritdoc/>
    public override IEnumerable<Parameter> Parameters => _values.Parameters;

    /// <summary>Keeps the values where a mask is true.</summary>
    /// <param name="values">Floating point [rows, columns]; stays the caller's.</param>
    /// <param name="mask">
    /// bool [rows, columns]; stays the caller's. A kept value may be zero; it is stored all the same.
    /// </param>
    /// <param name="format">Format of the kept values, whose groups run across rows.</param>
    /// <param name="columnWeights">
    /// Floating point [columns], none negative; see <see cref="ValueCodec.Encode"/>.
    /// </param>
    /// <returns>A form that the caller disposes.</returns>
    /// <exception cref="ArgumentException">Shapes differ, or the mask is not bool.</exception>
    /// <exception cref="NumericalException">A kept value is NaN, infinite, or too large for the format.</exception>
    public static SparseForm From(Tensor values, Tensor mask, ValueFormat format, Tensor? columnWeights = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(mask);
        if (values.dim() != 2 || mask.dtype != ScalarType.Bool || !values.shape.SequenceEqual(mask.shape))
        {
            throw new ArgumentException(
                $"values [rows, columns] and a bool mask of the same shape are needed, found "
                + $"[{string.Join(", ", values.shape)}] and {mask.dtype} [{string.Join(", ", mask.shape)}]",
                nameof(mask));
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var kept = values.detach().masked_select(mask).unsqueeze(0);
        var weights = columnWeights?.expand(mask.shape).masked_select(mask);
        return new SparseForm(ValueCodec.Encode(kept, format, weights), mask.clone());
    }

    /// <summary>Exact bytes of a form of this kind.</summary>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="nonzeros">Values that are stored.</param>
    /// <param name="format">Their format.</param>
    /// <returns>Bytes in the file.</returns>
    public static long Bytes(long rows, long columns, long nonzeros, ValueFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return (rows * BitPacking.RowBytes(columns, 1)) + format.StoredBytes(1, nonzeros);
    }

    /// <inheritdoc/>
    public override FormDescription Describe() => new(
        Kind,
        Rows,
        Columns,
        FormDescription.NoNumbers.Add(NonzerosNumber, Nonzeros),
        FormDescription.FormatsOf((ValuesBlock, _values.Format)),
        []);

    /// <inheritdoc/>
    public override IEnumerable<StoredTensor> Store(string prefix) =>
    [
        new StoredTensor($"{prefix}.{MaskTensor}", PackMask()),
        .. _values.Store($"{prefix}.{ValuesBlock}"),
    ];

    /// <inheritdoc/>
    public override void Commit()
    {
        Forget();
        _values.Commit();
    }

    /// <inheritdoc/>
    public override void Scale(double factor)
    {
        Forget();
        _values.Scale(factor);
    }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        return nn.functional.linear(x, Dense()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Gather(Tensor ids) => RowGather.Pick(Dense, ids);

    /// <inheritdoc/>
    public override Tensor Materialize()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return Scatter().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void MoveTo(Device device)
    {
        Forget();
        var moved = _mask.to(device, copy: true);
        moved.DetachFromDisposeScope();
        _mask.Dispose();
        _mask = moved;
        _values.MoveTo(device);
    }

    /// <summary>Reads the kind back.</summary>
    internal static FormReader Reader { get; } = new(
        Kind,
        (description, site, tensors, _) =>
        {
            using var scope = NewDisposeScope();
            var blocks = new FormBlocks(description, site, tensors);
            blocks.RequireShape(numbers: [NonzerosNumber], formats: [ValuesBlock], parts: false);
            long nonzeros = blocks.Number(NonzerosNumber, 0, description.Rows * description.Columns);
            var mask = ReadMask(blocks, description.Rows, description.Columns, nonzeros);
            return new SparseForm(blocks.Read(ValuesBlock, 1, nonzeros), mask);
        });

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Forget();
        _mask.Dispose();
        _values.Dispose();
    }

    private static Tensor ReadMask(FormBlocks blocks, long rows, long columns, long nonzeros)
    {
        long rowBytes = BitPacking.RowBytes(columns, 1);
        var packed = blocks.ReadTensor(MaskTensor, ScalarType.Byte, [rows, rowBytes]);
        var bits = BitPacking.Unpack(packed, rowBytes * 8, 1).to(ScalarType.Bool);
        long set = bits.narrow(1, 0, columns).sum().ToInt64();
        long stray = bits.sum().ToInt64() - set;
        return set == nonzeros && stray == 0
            ? bits.narrow(1, 0, columns).contiguous()
            : throw blocks.Fail(
                $"the mask should have {nonzeros} bits set and none beyond column {columns}, found {set} and {stray}");
    }

    private Tensor PackMask()
    {
        using var scope = NewDisposeScope();
        return BitPacking.Pack(_mask.to(ScalarType.Byte).cpu(), 1).MoveToOuterDisposeScope();
    }

    private Tensor Dense()
    {
        if (_values.Parameters.Any(parameter => parameter.requires_grad))
        {
            Forget();
            return Scatter();
        }

        if (_dense is null)
        {
            using var noGrad = no_grad();
            _dense = Scatter();
            _dense.DetachFromDisposeScope();
        }

        return _dense;
    }

    private Tensor Scatter()
    {
        using var scope = NewDisposeScope();
        var dense = zeros(Rows, Columns, device: _mask.device);
        return (Nonzeros == 0 ? dense : dense.masked_scatter(_mask, _values.Value())).MoveToOuterDisposeScope();
    }

    private void Forget()
    {
        _dense?.Dispose();
        _dense = null;
    }
}
