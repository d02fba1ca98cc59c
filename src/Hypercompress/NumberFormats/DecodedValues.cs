using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats;

/// <summary>
/// Values that are computed from codes: in every call while a parameter requires a gradient, otherwise once.
/// </summary>
public abstract class DecodedValues : StoredValues
{
    private Tensor? _decoded;

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

        if (_decoded is null)
        {
            using var noGrad = no_grad();
            _decoded = Decode(training: false);
            _decoded.DetachFromDisposeScope();
        }

        return _decoded;
    }

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
    protected void Forget()
    {
        _decoded?.Dispose();
        _decoded = null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Forget();
}
