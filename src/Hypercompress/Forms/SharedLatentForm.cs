using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using static TorchSharp.torch;

namespace Hypercompress.Forms;

/// <summary>
/// W = Up · V, where V is the first factor of another site that reads the same input, or its pivot rows, and is stored
/// there alone. Kind <c>shared-latent</c>, number <c>rank</c>, and <c>owner</c>, the name of that site, which comes
/// before this one in the decoder; one block, <c>SITE.up</c> [rank, rows], transposed as in <see cref="LowRankForm"/>.
/// </summary>
internal sealed class SharedLatentForm : LatentForm
{
    /// <summary>The kind in <see cref="FormDescription.Kind"/>.</summary>
    public const string Kind = "shared-latent";

    private const string RankNumber = "rank";
    private const string UpBlock = "up";

    private readonly StoredValues _upTransposed;
    private readonly ILatentMatrix _latent;
    private readonly string _owner;

    /// <summary>Takes over the second factor and borrows the first.</summary>
    /// <param name="upTransposed">[rank, rows]; owned by the form from here on.</param>
    /// <param name="latent">
    /// The matrix of the owner: an <see cref="ILatentMatrix"/> of that rank; not disposed here, must outlive this form.
    /// </param>
    /// <param name="owner">Name of the owner.</param>
    /// <exception cref="ArgumentException">The owner has no latent, or one of another rank.</exception>
    public SharedLatentForm(StoredValues upTransposed, FormMatrix latent, string owner)
        : base(upTransposed)
    {
        ArgumentNullException.ThrowIfNull(upTransposed);
        ArgumentNullException.ThrowIfNull(latent);
        ArgumentException.ThrowIfNullOrEmpty(owner);
        _latent = latent is ILatentMatrix first && first.Rank == upTransposed.Rows
            ? first
            : throw new ArgumentException($"{owner} has no latent of rank {upTransposed.Rows}", nameof(latent));
        (_upTransposed, Columns, _owner) = (upTransposed, latent.Columns, owner);
    }

    /// <inheritdoc/>
    public override long Rows => _upTransposed.Columns;

    /// <inheritdoc/>
    public override long Columns { get; }

    /// <inheritdoc/>
    public override long Rank => _upTransposed.Rows;

    /// <summary>The matrix whose first factor this form reads.</summary>
    internal ILatentMatrix Owner => _latent;

    /// <inheritdoc/>
    /// <remarks>The decoder runs each site by itself, so that V x is counted here too.</remarks>
    public override long MultiplyAdds => Rank * (Rows + Columns);

    /// <inheritdoc/>
    public override long StoredParameters => Rank * Rows;

    /// <inheritdoc/>
    public override FormDescription Describe() => new(
        Kind,
        Rows,
        Columns,
        FormDescription.NoNumbers.Add(RankNumber, Rank),
        FormDescription.FormatsOf((UpBlock, _upTransposed.Format)),
        [])
    {
        Owner = _owner,
    };

    /// <inheritdoc/>
    public override IEnumerable<StoredTensor> Store(string prefix) => _upTransposed.Store($"{prefix}.{UpBlock}");

    /// <inheritdoc/>
    private protected override Tensor EncodePlanned(Tensor x) => _latent.Encode(x);

    /// <inheritdoc/>
    private protected override Tensor DecodePlanned(Tensor latent) => _upTransposed.MultiplyTransposed(latent);

    /// <inheritdoc/>
    private protected override Tensor GatherPlanned(Tensor ids) => RowGather.Pick(Combine, ids);

    /// <inheritdoc/>
    public override Tensor Materialize()
    {
        using var noGrad = no_grad();
        return Combine();
    }

    /// <inheritdoc/>
    public override PackedMatrix Pack(MemoryUse memory) =>
        PackedMatrices.Product(_upTransposed.ToPackedTransposed(), PackFirst(memory));

    /// <inheritdoc/>
    internal override PackedMatrix PackFirst(MemoryUse memory) => ((LatentForm)_latent).PackFirst(memory);

    /// <inheritdoc/>
    internal override bool TrainsGradually => HasPlainValues;

    /// <inheritdoc/>
    internal override Tensor TakeFactors(Tensor up, Tensor down)
    {
        using var noGrad = no_grad();
        _upTransposed.Parameters.Single().copy_(up);
        return eye(Rank, dtype: ScalarType.Float64, device: down.device);
    }

    /// <summary>Reads the kind back.</summary>
    internal static FormReader Reader { get; } = new(
        Kind,
        (description, site, tensors, context) =>
        {
            var blocks = new FormBlocks(description, site, tensors, context);
            blocks.RequireShape(numbers: [RankNumber], formats: [UpBlock], parts: false, owner: true);
            long rank = blocks.Number(RankNumber, 1, int.MaxValue);
            string owner = description.Owner!;
            FormMatrix latent = context.Earlier.GetValueOrDefault(owner)
                ?? throw blocks.Fail($"its owner '{owner}' is not a site before it");
            return latent is ILatentMatrix first && first.Rank == rank && latent.Columns == description.Columns
                ? new SharedLatentForm(blocks.Read(UpBlock, rank, description.Rows), latent, owner)
                : throw blocks.Fail(
                    $"its owner {owner} has no latent of rank {rank} with {description.Columns} columns");
        });

    // The images of the unit vectors are the first factor, in whatever way its owner stores it.
    private Tensor Combine()
    {
        using var scope = NewDisposeScope();
        var up = _upTransposed.Value();
        var down = _latent.Encode(eye(Columns, device: up.device)).t();
        return up.t().matmul(down).MoveToOuterDisposeScope();
    }
}
