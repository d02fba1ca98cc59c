using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Forms;

/// <summary>
/// A matrix that is applied in two steps, x into a narrow latent and the latent into the output, and what such forms
/// share: the life of the blocks they own.
/// </summary>
public abstract class LatentForm : FormMatrix, ILatentMatrix
{
    private readonly StoredValues[] _blocks;

    /// <summary>Takes over blocks.</summary>
    /// <param name="blocks">
    /// At least one; owned by the form from here on. The first one takes the factor of a scaling.
    /// </param>
    protected LatentForm(params StoredValues[] blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        _blocks = blocks;
    }

    /// <inheritdoc/>
    public abstract long Rank { get; }

    /// <inheritdoc/>
    public override long MultiplyAdds => StoredParameters;

    /// <inheritdoc/>
    public override long StoredBytes => _blocks.Sum(block => block.StoredBytes);

    /// <inheritdoc/>
    public override IEnumerable<Parameter> Parameters =>
        Gradual?.Parameters ?? [.. _blocks.SelectMany(block => block.Parameters)];

    /// <inheritdoc/>
    public override IEnumerable<StoredValues> StoredBlocks => _blocks;

    /// <summary>What takes the place of the factors while directions are chosen; null otherwise.</summary>
    internal GradualFactor? Gradual { get; set; }

    /// <inheritdoc/>
    public override void RoundToStored() => Array.ForEach(_blocks, block => block.RoundToStored());

    /// <inheritdoc/>
    public override void Scale(double factor) => _blocks[0].Scale(factor);

    /// <inheritdoc/>
    public sealed override Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Decode(Encode(x)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Encode(Tensor x) => Gradual is null ? EncodePlanned(x) : Gradual.Encode(x);

    /// <inheritdoc/>
    public Tensor Decode(Tensor latent) => Gradual is null ? DecodePlanned(latent) : Gradual.Decode(latent);

    /// <inheritdoc/>
    public sealed override Tensor Gather(Tensor ids) => Gradual is null ? GatherPlanned(ids) : Gradual.Gather(ids);

    /// <summary>Both factors, which stay two.</summary>
    /// <param name="memory">See <see cref="StoredValues.ToPacked"/>.</param>
    /// <returns>A copy that the caller disposes.</returns>
    public override PackedMatrix Pack(MemoryUse memory)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        PackedMatrix second = FloatPacking.Pack(Decode(eye(Rank)).t(), rounds: true);
        return PackedMatrices.Product(second, PackFirst(memory));
    }

    /// <summary>The first factor as it is multiplied without libtorch.</summary>
    /// <param name="memory">See <see cref="StoredValues.ToPacked"/>.</param>
    /// <returns>A copy that the caller disposes.</returns>
    internal virtual PackedMatrix PackFirst(MemoryUse memory)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return FloatPacking.Pack(Encode(eye(Columns)).t(), rounds: true);
    }

    /// <summary>Takes other factors of the same rank, for a form that trains gradually.</summary>
    /// <param name="up">float64 [rank, rows]; stays the caller's.</param>
    /// <param name="down">float64 [rank, columns]; stays the caller's.</param>
    /// <returns>C, float64 [rank, rank], where the form stores C · down; in the caller's scope.</returns>
    internal virtual Tensor TakeFactors(Tensor up, Tensor down) => throw new NotSupportedException();

    /// <summary><see cref="Encode"/> by the first factor of the form itself.</summary>
    private protected abstract Tensor EncodePlanned(Tensor x);

    /// <summary><see cref="Decode"/> by the second factor of the form itself.</summary>
    private protected abstract Tensor DecodePlanned(Tensor latent);

    /// <summary><see cref="Gather"/> by the factors of the form itself.</summary>
    private protected abstract Tensor GatherPlanned(Tensor ids);

    /// <inheritdoc/>
    public override void MoveTo(Device device) => Array.ForEach(_blocks, block => block.MoveTo(device));

    /// <summary>
    /// Builds a form of two blocks; what was made is disposed when the second block or the form fails.
    /// </summary>
    internal static TForm Join<TForm>(
        StoredValues first, Func<StoredValues> second, Func<StoredValues, StoredValues, TForm> build)
    {
        StoredValues? other = null;
        try
        {
            other = second();
            return build(first, other);
        }
        catch
        {
            first.Dispose();
            other?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Array.ForEach(_blocks, block => block.Dispose());
}
