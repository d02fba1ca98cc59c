using System.Collections.Immutable;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.NumberFormats;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Forms;

/// <summary>
/// A matrix of low rank by some of its rows: these pivots are stored, and every other row is a combination of them.
/// Takes r (m + n − r) values where two factors take r (m + n). Kind <c>pivot-rows</c>, number <c>rank</c>; the blocks
/// <c>SITE.pivots</c> [rank, columns] and, unless all rows are pivots, <c>SITE.coefficients</c> [rank, rows − rank]
/// (transposed, as in <see cref="LowRankForm"/>), and <c>SITE.places</c> uint8 [1, ⌈rows/8⌉], one bit per row, lowest
/// first, set for a pivot.
/// </summary>
/// <remarks>Zhao et al., PIFA, ICML 2025 (arXiv 2501.19090).</remarks>
internal sealed class PivotRowForm : LatentForm
{
    /// <summary>The kind in <see cref="FormDescription.Kind"/>.</summary>
    public const string Kind = "pivot-rows";

    private const string EarlierKind = "pifa";
    private const string RankNumber = "rank";
    private const string PivotsBlock = "pivots";
    private const string CoefficientsBlock = "coefficients";
    private const string PlacesTensor = "places";

    private readonly StoredValues _pivots;
    private readonly StoredValues _coefficients;
    private ImmutableArray<bool> _isPivot;
    private Tensor _order;

    /// <summary>Takes over pivots and coefficients.</summary>
    /// <param name="pivots">[rank, columns], in the order of the rows; owned by the form from here on.</param>
    /// <param name="coefficients">
    /// [rank, rows − rank], in the order of the other rows; owned by the form from here on.
    /// </param>
    /// <param name="isPivot">For each row, whether it is a pivot.</param>
    /// <exception cref="ArgumentException">Ranks differ, or there are not as many pivots as that.</exception>
    public PivotRowForm(StoredValues pivots, StoredValues coefficients, ImmutableArray<bool> isPivot)
        : base(pivots, coefficients)
    {
        ArgumentNullException.ThrowIfNull(pivots);
        ArgumentNullException.ThrowIfNull(coefficients);
        if (isPivot.Count(pivot => pivot) != pivots.Rows || coefficients.Rows != pivots.Rows
            || coefficients.Columns != isPivot.Length - pivots.Rows)
        {
            throw new ArgumentException(
                $"{isPivot.Count(pivot => pivot)} pivots of {isPivot.Length} rows, pivots [{pivots.Rows}, "
                    + $"{pivots.Columns}] and "
                + $"coefficients [{coefficients.Rows}, {coefficients.Columns}] do not belong together",
                nameof(isPivot));
        }

        (_pivots, _coefficients, _isPivot) = (pivots, coefficients, isPivot);
        _order = OrderOf(isPivot);
    }

    /// <inheritdoc/>
    public override long Rows => _isPivot.Length;

    /// <inheritdoc/>
    public override long Columns => _pivots.Columns;

    /// <inheritdoc/>
    public override long Rank => _pivots.Rows;

    /// <inheritdoc/>
    public override long StoredBytes => base.StoredBytes + PlaceBytes(Rows);

    /// <inheritdoc/>
    public override long StoredParameters => Rank * (Rows + Columns - Rank);

    /// <inheritdoc/>
    public override IEnumerable<Parameter> Parameters => Rank < Rows || Gradual is not null
        ? base.Parameters
        : _pivots.Parameters;

    /// <summary>Exact bytes of a form of this kind.</summary>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="rank">Pivots, at most <paramref name="rows"/>.</param>
    /// <param name="format">Format of both blocks.</param>
    /// <returns>Bytes in the file.</returns>
    public static long Bytes(long rows, long columns, long rank, ValueFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format.StoredBytes(rank, columns) + format.StoredBytes(rank, rows - rank) + PlaceBytes(rows);
    }

    /// <inheritdoc/>
    public override FormDescription Describe() => new(
        Kind,
        Rows,
        Columns,
        FormDescription.NoNumbers.Add(RankNumber, Rank),
        FormDescription.FormatsOf((PivotsBlock, _pivots.Format), (CoefficientsBlock, _coefficients.Format)),
        []);

    /// <inheritdoc/>
    public override IEnumerable<StoredTensor> Store(string prefix) =>
    [
        .. _pivots.Store($"{prefix}.{PivotsBlock}"),
        .. _coefficients.Store($"{prefix}.{CoefficientsBlock}"),
        new StoredTensor($"{prefix}.{PlacesTensor}", PackPlaces()),
    ];

    /// <inheritdoc/>
    private protected override Tensor EncodePlanned(Tensor x) => _pivots.Multiply(x);

    /// <inheritdoc/>
    private protected override Tensor DecodePlanned(Tensor latent)
    {
        ArgumentNullException.ThrowIfNull(latent);
        using var scope = NewDisposeScope();
        var all = Rank == Rows ? latent : cat([latent, _coefficients.MultiplyTransposed(latent)], -1);
        return all.index_select(-1, _order).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    private protected override Tensor GatherPlanned(Tensor ids) => RowGather.Pick(Combine, ids);

    /// <inheritdoc/>
    public override Tensor Materialize()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return Combine().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void MoveTo(Device device)
    {
        base.MoveTo(device);
        var moved = _order.to(device, copy: true);
        moved.DetachFromDisposeScope();
        _order.Dispose();
        _order = moved;
    }

    /// <inheritdoc/>
    internal override PackedMatrix PackFirst(MemoryUse memory) => _pivots.ToPacked(memory);

    /// <inheritdoc/>
    internal override bool TrainsGradually => HasPlainValues;

    /// <summary>Chooses pivots of the product anew.</summary>
    /// <inheritdoc/>
    internal override Tensor TakeFactors(Tensor up, Tensor down)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();

        // Rows of the product as coordinates in an orthonormal basis of its rows.
        (_, Tensor basis) = linalg.qr(down.t());
        (Tensor pivots, Tensor coefficients) = PivotRows.Choose(up.t().matmul(basis.t()));
        Tensor change = up.t().index_select(0, pivots);
        _pivots.Parameters.Single().copy_(change.matmul(down));
        _coefficients.Parameters.Single().copy_(coefficients.t());
        _isPivot = PivotRows.Mark(pivots, Rows);
        using Tensor order = OrderOf(_isPivot);
        _order.copy_(order);
        return change.MoveToOuterDisposeScope();
    }

    /// <summary>Reads the kind back.</summary>
    internal static FormReader Reader { get; } = new(
        Kind,
        (description, site, tensors, context) =>
        {
            var blocks = new FormBlocks(description, site, tensors, context);
            blocks.RequireShape(numbers: [RankNumber], formats: [PivotsBlock, CoefficientsBlock], parts: false);
            long rank = blocks.Number(RankNumber, 1, description.Rows);
            var places = ReadPlaces(blocks, description.Rows, rank);
            var pivots = blocks.Read(PivotsBlock, rank, description.Columns);
            return Join(
                pivots,
                () => blocks.Read(CoefficientsBlock, rank, description.Rows - rank),
                (rows, others) => new PivotRowForm(rows, others, places));
        });

    /// <summary>Reads the kind back by the name that it has in artifacts of earlier versions.</summary>
    internal static FormReader EarlierReader { get; } = Reader with { Kind = EarlierKind };

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _order.Dispose();
    }

    private static long PlaceBytes(long rows) => BitPacking.RowBytes(rows, 1);

    // For each row, its position when pivots come first and the others follow.
    private static Tensor OrderOf(ImmutableArray<bool> isPivot)
    {
        (long pivot, long other) = (0, isPivot.Count(pivot => pivot));
        var order = tensor(isPivot.Select(isOne => isOne ? pivot++ : other++).ToArray());
        order.DetachFromDisposeScope();
        return order;
    }

    private static ImmutableArray<bool> ReadPlaces(FormBlocks blocks, long rows, long rank)
    {
        using var scope = NewDisposeScope();
        var packed = blocks.ReadTensor(PlacesTensor, ScalarType.Byte, [1, PlaceBytes(rows)]);
        ReadOnlySpan<byte> bits = BitPacking.Unpack(packed, PlaceBytes(rows) * 8, 1).bytes;
        int set = bits[..(int)rows].Count((byte)1);
        return set == rank && bits.Count((byte)1) == set
            ? [.. bits[..(int)rows].ToArray().Select(bit => bit == 1)]
            : throw blocks.Fail(
                $"{rank} of {rows} rows should be marked as pivots and nothing beyond them, found {set}");
    }

    private Tensor Combine()
    {
        using var scope = NewDisposeScope();
        var pivots = _pivots.Value();
        var all = Rank == Rows ? pivots : cat([pivots, _coefficients.Value().t().matmul(pivots)], 0);
        return all.index_select(0, _order).MoveToOuterDisposeScope();
    }

    private Tensor PackPlaces()
    {
        using var scope = NewDisposeScope();
        var places = tensor(_isPivot.Select(isOne => (byte)(isOne ? 1 : 0)).ToArray()).view(1, -1);
        return BitPacking.Pack(places, 1).MoveToOuterDisposeScope();
    }
}
