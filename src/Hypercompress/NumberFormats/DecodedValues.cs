using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats;

/// <summary>
/// Values that are computed from codes: in every call while a parameter requires a gradient, otherwise once, as long as
/// <see cref="TensorPool"/> has room for them.
/// </summary>
public abstract class DecodedValues : StoredValues
{
    /// <inheritdoc/>
    protected DecodedValues(ValueFormat format, long rows, long columns)
        : base(format, rows, columns)
    {
    }

    /// <inheritdoc/>
    public override Tensor Value()
    {
        if (Parameters.Any(parameter => parameter.requires_grad))
        {
            Forget();
            return Decode(training: true);
        }

        return TensorPool.Shared.Get(this, () => Decode(training: false));
    }

    /// <inheritdoc/>
    internal override Tensor CopyValue() => Parameters.Any(parameter => parameter.requires_grad)
        ? base.CopyValue()
        : TensorPool.Shared.Copy(this, () => Decode(training: false));

    /// <inheritdoc/>
    public override PackedMatrix ToPacked(MemoryUse memory)
    {
        using var noGrad = no_grad();
        using Tensor values = Decode(training: false);
        return FloatPacking.Pack(values, rounds: true);
    }

    /// <inheritdoc/>
    public override PackedMatrix ToPackedTransposed()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return FloatPacking.Pack(Decode(training: false).t(), rounds: true);
    }

    /// <summary>Computes the numbers.</summary>
    /// <param name="training">
    /// True while a parameter requires a gradient: autograd then keeps intermediate tensors, which must not be
    /// overwritten.
    /// </param>
    /// <returns>float32 [rows, columns], in the caller's scope.</returns>
    protected abstract Tensor Decode(bool training);

    /// <summary>Forgets the decoded numbers, after what they were computed from has changed.</summary>
    protected void Forget() => TensorPool.Shared.Drop(this);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Forget();
}
