using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Forms;

/// <summary>
/// Few values among zeros that are not stored. Kind <c>sparse</c>, number <c>nonzeros</c>; <c>SITE.mask</c> uint8
/// [rows, ⌈columns/8⌉], one bit per place, lowest bit first, and the block <c>SITE.values</c> [1, nonzeros] with the
/// values in row-major order (absent when there are none). Where the places follow a <see cref="SparsePattern"/>, kind
/// <c>sparse-pattern</c>, numbers <c>kept</c> and <c>group</c>, and <c>SITE.indices</c> uint8 [rows, bytes] in place of
/// the mask. Runs as a dense matrix, so that its multiply-adds count the zeros too. Masked places stay zero whatever
/// training does.
/// </summary>
public sealed class SparseForm : FormMatrix
{
    /// <summary>The kind in <see cref="FormDescription.Kind"/>.</summary>
    public const string Kind = "sparse";

    /// <summary>The kind of a form that follows a pattern.</summary>
    public const string PatternKind = "sparse-pattern";

    private const string NonzerosNumber = "nonzeros";
    private const string KeptNumber = "kept";
    private const string GroupNumber = "group";
    private const string ValuesBlock = "values";
    private const string MaskTensor = "mask";
    private const string IndicesTensor = "indices";

    private readonly StoredValues _values;
    private readonly SparsePattern? _pattern;
    private Tensor _mask;
    private Tensor? _dense;
    private GradualSparse? _gradual;

    private SparseForm(StoredValues values, Tensor mask, SparsePattern? pattern)
    {
        (_values, _pattern) = (values, pattern);
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
    public override long StoredBytes => _pattern is null
        ? Bytes(Rows, Columns, Nonzeros, _values.Format)
        : Bytes(Rows, Columns, _pattern, _values.Format);

    /// <inheritdoc/>
    public override long StoredParameters => Nonzeros;

    /// <inheritdoc/>
    public override IEnumerable<Parameter> Parameters => _gradual is null ? _values.Parameters : [_gradual.Values];

    /// <inheritdoc/>
    public override IEnumerable<StoredValues> StoredBlocks => [_values];

    /// <summary>Keeps the values where a mask is true.</summary>
    /// <param name="values">Floating point [rows, columns]; stays the caller's.</param>
    /// <param name="mask">
    /// bool [rows, columns]; stays the caller's. A kept value may be zero; it is stored all the same.
    /// </param>
    /// <param name="format">Format of the kept values, whose groups run across rows.</param>
    /// <param name="columnWeights">
    /// Floating point [columns], none negative; see <see cref="ValueFormat.Encode"/>.
    /// </param>
    /// <param name="pattern">The pattern that the mask follows, or null.</param>
    /// <returns>A form that the caller disposes.</returns>
    /// <exception cref="ArgumentException">
    /// Shapes differ, the mask is not bool, or it does not follow the pattern.
    /// </exception>
    /// <exception cref="NumericalException">A kept value is NaN, infinite, or too large for the format.</exception>
    public static SparseForm From(
        Tensor values, Tensor mask, ValueFormat format, Tensor? columnWeights = null, SparsePattern? pattern = null)
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
        if (pattern is not null)
        {
            GroupIndices.Pack(mask.cpu().contiguous(), pattern);
        }

        var kept = values.detach().masked_select(mask).unsqueeze(0);
        var weights = columnWeights?.expand(mask.shape).masked_select(mask);
        return new SparseForm(format.Encode(kept, weights), mask.clone(), pattern);
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

    /// <summary>Exact bytes of a form that follows a pattern.</summary>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="format">Format of the values.</param>
    /// <returns>Bytes in the file.</returns>
    public static long Bytes(long rows, long columns, SparsePattern pattern, ValueFormat format)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(format);
        return (rows * GroupIndices.RowBytes(pattern, columns)) + format.StoredBytes(
            1, rows * pattern.KeptPerRow(columns));
    }

    /// <inheritdoc/>
    public override FormDescription Describe() => new(
        _pattern is null ? Kind : PatternKind,
        Rows,
        Columns,
        _pattern is null
            ? FormDescription.NoNumbers.Add(NonzerosNumber, Nonzeros)
            : FormDescription.NoNumbers.Add(KeptNumber, _pattern.Kept).Add(GroupNumber, _pattern.Group),
        FormDescription.FormatsOf((ValuesBlock, _values.Format)),
        []);

    /// <inheritdoc/>
    public override IEnumerable<StoredTensor> Store(string prefix) =>
    [
        new StoredTensor($"{prefix}.{(_pattern is null ? MaskTensor : IndicesTensor)}", PackPlaces()),
        .. _values.Store($"{prefix}.{ValuesBlock}"),
    ];

    /// <inheritdoc/>
    public override void RoundToStored()
    {
        Forget();
        _values.RoundToStored();
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
        return LinearProduct.Of(x, Dense()).MoveToOuterDisposeScope();
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
        (description, site, tensors, context) =>
        {
            using var scope = NewDisposeScope();
            var blocks = new FormBlocks(description, site, tensors, context);
            blocks.RequireShape(numbers: [NonzerosNumber], formats: [ValuesBlock], parts: false);
            long nonzeros = blocks.Number(NonzerosNumber, 0, description.Rows * description.Columns);
            var mask = ReadMask(blocks, description.Rows, description.Columns, nonzeros);
            return new SparseForm(blocks.Read(ValuesBlock, 1, nonzeros), mask, null);
        });

    /// <summary>Reads the kind that follows a pattern back.</summary>
    internal static FormReader PatternReader { get; } = new(
        PatternKind,
        (description, site, tensors, context) =>
        {
            using var scope = NewDisposeScope();
            var blocks = new FormBlocks(description, site, tensors, context);
            blocks.RequireShape(numbers: [KeptNumber, GroupNumber], formats: [ValuesBlock], parts: false);
            int group = (int)blocks.Number(GroupNumber, 2, SparsePattern.LargestGroup);
            var pattern = new SparsePattern((int)blocks.Number(KeptNumber, 1, group - 1), group);
            var mask = ReadIndices(blocks, description.Rows, description.Columns, pattern);
            long nonzeros = description.Rows * pattern.KeptPerRow(description.Columns);
            return new SparseForm(blocks.Read(ValuesBlock, 1, nonzeros), mask, pattern);
        });

    /// <summary>One bit per place, set where a value is kept, whether or not the places follow a pattern.</summary>
    /// <returns>uint8 [rows, ⌈columns/8⌉], lowest bit first, on the CPU, in the caller's scope.</returns>
    internal Tensor PackMask()
    {
        using var scope = NewDisposeScope();
        return BitPacking.Pack(_mask.to(ScalarType.Byte).cpu(), 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    internal override bool TrainsGradually => HasPlainValues && Nonzeros > 0;

    /// <summary>
    /// Starts a training that chooses the places anew; until it is disposed, its values take the place of the form's.
    /// </summary>
    /// <param name="original">
    /// The matrix that the form stands for, floating point [rows, columns]; stays the caller's.
    /// </param>
    /// <returns>The training, at the form as it is; the caller disposes it.</returns>
    internal GradualTraining TrainGradually(Tensor original)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Forget();
        return _gradual = new GradualSparse(this, Scatter(), _mask, original, _pattern?.Group ?? Columns);
    }

    /// <summary>Takes other places and values of the same number.</summary>
    /// <param name="dense">float32 [rows, columns]; stays the caller's.</param>
    /// <param name="kept">uint8 [rows, columns], 1 where a value is kept; stays the caller's.</param>
    internal void Take(Tensor dense, Tensor kept)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Forget();
        _mask.copy_(kept);
        _values.Parameters.Single().copy_(dense.masked_select(_mask).unsqueeze(0));
    }

    /// <summary>The form's own values count again.</summary>
    internal void EndGradual()
    {
        Forget();
        _gradual = null;
    }

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

    private static Tensor ReadIndices(FormBlocks blocks, long rows, long columns, SparsePattern pattern)
    {
        var packed = blocks.ReadTensor(IndicesTensor, ScalarType.Byte, [rows, GroupIndices.RowBytes(pattern, columns)]);
        return GroupIndices.Unpack(packed, columns, pattern)
            ?? throw blocks.Fail(
                $"the indices hold a number that is not a choice of {pattern}, or bits beyond the last group");
    }

    private Tensor PackPlaces()
    {
        using var scope = NewDisposeScope();
        return (_pattern is null ? PackMask() : GroupIndices.Pack(_mask.cpu(), _pattern)).MoveToOuterDisposeScope();
    }

    private Tensor Dense()
    {
        if (_gradual is not null || _values.Parameters.Any(parameter => parameter.requires_grad))
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
        if (_gradual is not null)
        {
            return _gradual.Value();
        }

        using var scope = NewDisposeScope();
        var dense = zeros(Rows, Columns, device: _mask.device);
        return (Nonzeros == 0 ? dense : dense.masked_scatter_(_mask, _values.Value())).MoveToOuterDisposeScope();
    }

    private void Forget()
    {
        _dense?.Dispose();
        _dense = null;
    }
}
