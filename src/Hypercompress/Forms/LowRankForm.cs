using Hypercompress.Models.Errors;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.NumberFormats;
using static TorchSharp.torch;

namespace Hypercompress.Forms;

/// <summary>
/// W = Up · Down with few columns in Up. Kind <c>low-rank</c>, number <c>rank</c>; blocks <c>SITE.down</c> [rank,
/// columns] and <c>SITE.up</c> [rank, rows]: Up is kept transposed, so that groups of codes run along the long side of
/// both factors.
/// </summary>
public sealed class LowRankForm : LatentForm
{
    /// <summary>The kind in <see cref="FormDescription.Kind"/>.</summary>
    public const string Kind = "low-rank";

    private const string RankNumber = "rank";
    private const string UpBlock = "up";
    private const string DownBlock = "down";

    private readonly StoredValues _upTransposed;
    private readonly StoredValues _down;

    /// <summary>Takes over two factors.</summary>
    /// <param name="upTransposed">[rank, rows]; owned by the form from here on.</param>
    /// <param name="down">[rank, columns]; owned by the form from here on.</param>
    /// <exception cref="ArgumentException">The factors differ in rank.</exception>
    public LowRankForm(StoredValues upTransposed, StoredValues down)
        : base(upTransposed, down)
    {
        ArgumentNullException.ThrowIfNull(upTransposed);
        ArgumentNullException.ThrowIfNull(down);
        if (upTransposed.Rows != down.Rows)
        {
            throw new ArgumentException($"ranks {upTransposed.Rows} and {down.Rows} differ", nameof(down));
        }

        (_upTransposed, _down) = (upTransposed, down);
    }

    /// <inheritdoc/>
    public override long Rows => _upTransposed.Columns;

    /// <inheritdoc/>
    public override long Columns => _down.Columns;

    /// <inheritdoc/>
    public override long Rank => _down.Rows;

    /// <inheritdoc/>
    public override long StoredParameters => Rank * (Rows + Columns);

    /// <summary>Rounds two factors to number formats.</summary>
    /// <param name="up">Floating point [rows, rank]; stays the caller's.</param>
    /// <param name="down">Floating point [rank, columns]; stays the caller's.</param>
    /// <param name="upFormat">Format of <paramref name="up"/>; groups run along its rows' index.</param>
    /// <param name="downFormat">Format of <paramref name="down"/>.</param>
    /// <returns>A form that the caller disposes.</returns>
    /// <exception cref="ArgumentException">The factors differ in rank.</exception>
    /// <exception cref="NumericalException">A value is NaN, infinite, or too large for its format.</exception>
    public static LowRankForm From(Tensor up, Tensor down, ValueFormat upFormat, ValueFormat downFormat)
    {
        ArgumentNullException.ThrowIfNull(up);
        ArgumentNullException.ThrowIfNull(down);
        if (up.dim() != 2 || down.dim() != 2 || up.shape[1] != down.shape[0])
        {
            throw new ArgumentException(
                $"[rows, rank] and [rank, columns] are needed, found [{string.Join(", ", up.shape)}] and "
                + $"[{string.Join(", ", down.shape)}]",
                nameof(down));
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var upValues = upFormat.Encode(up.detach().t().contiguous());
        return Join(upValues, () => downFormat.Encode(down), Create);
    }

    /// <summary>Exact bytes of a form of this kind.</summary>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="rank">Width of the latent.</param>
    /// <param name="upFormat">Format of the first factor, [rows, rank].</param>
    /// <param name="downFormat">Format of the second factor, [rank, columns].</param>
    /// <returns>Bytes in the file.</returns>
    public static long Bytes(long rows, long columns, long rank, ValueFormat upFormat, ValueFormat downFormat)
    {
        ArgumentNullException.ThrowIfNull(upFormat);
        ArgumentNullException.ThrowIfNull(downFormat);
        return upFormat.StoredBytes(rank, rows) + downFormat.StoredBytes(rank, columns);
    }

    /// <inheritdoc/>
    public override FormDescription Describe() => new(
        Kind,
        Rows,
        Columns,
        FormDescription.NoNumbers.Add(RankNumber, Rank),
        FormDescription.FormatsOf((UpBlock, _upTransposed.Format), (DownBlock, _down.Format)),
        []);

    /// <inheritdoc/>
    public override IEnumerable<StoredTensor> Store(string prefix) =>
        [.. _down.Store($"{prefix}.{DownBlock}"), .. _upTransposed.Store($"{prefix}.{UpBlock}")];

    /// <inheritdoc/>
    private protected override Tensor EncodePlanned(Tensor x) => _down.Multiply(x);

    /// <inheritdoc/>
    private protected override Tensor DecodePlanned(Tensor latent) => _upTransposed.MultiplyTransposed(latent);

    /// <inheritdoc/>
    private protected override Tensor GatherPlanned(Tensor ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        using var scope = NewDisposeScope();
        var latent = _upTransposed.Value().index_select(1, ids.reshape(-1)).t();
        return _down.MultiplyTransposed(latent).reshape([.. ids.shape, Columns]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Materialize()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return _upTransposed.Value().t().matmul(_down.Value()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override PackedMatrix Pack(MemoryUse memory) =>
        PackedMatrices.Product(_upTransposed.ToPackedTransposed(), PackFirst(memory));

    /// <inheritdoc/>
    internal override PackedMatrix PackFirst(MemoryUse memory) => _down.ToPacked(memory);

    /// <inheritdoc/>
    internal override bool TrainsGradually => HasPlainValues;

    /// <inheritdoc/>
    internal override Tensor TakeFactors(Tensor up, Tensor down)
    {
        using var noGrad = no_grad();
        _upTransposed.Parameters.Single().copy_(up);
        _down.Parameters.Single().copy_(down);
        return eye(Rank, dtype: ScalarType.Float64, device: down.device);
    }

    /// <summary>Reads the kind back.</summary>
    internal static FormReader Reader { get; } = new(
        Kind,
        (description, site, tensors, context) =>
        {
            var blocks = new FormBlocks(description, site, tensors, context);
            blocks.RequireShape(numbers: [RankNumber], formats: [UpBlock, DownBlock], parts: false);
            long rank = blocks.Number(RankNumber, 1, int.MaxValue);
            var up = blocks.Read(UpBlock, rank, description.Rows);
            return Join(up, () => blocks.Read(DownBlock, rank, description.Columns), Create);
        });

    private static LowRankForm Create(StoredValues upTransposed, StoredValues down) => new(upTransposed, down);
}
