using Hypercompress.Models.Kernels.Matrices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer.Weights;

/// <summary>A matrix stored as it is, computed in float32.</summary>
public sealed class DenseMatrix : WeightMatrix
{
    private Parameter _weight;

    /// <summary>Takes over a weight.</summary>
    /// <param name="weight">float32 [rows, columns]; emptied, its storage is owned by the matrix from here on.</param>
    public DenseMatrix(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        (Rows, Columns) = (weight.shape[0], weight.shape[1]);
        _weight = new Parameter(weight, requires_grad: false);
        _weight.DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override long Rows { get; }

    /// <inheritdoc/>
    public override long Columns { get; }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> Parameters => [_weight];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x) => LinearProduct.Of(x, _weight);

    /// <inheritdoc/>
    public override Tensor Gather(Tensor ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        using var flat = ids.reshape(-1);
        using var rows = _weight.index_select(0, flat);
        return rows.reshape([.. ids.shape, Columns]);
    }

    /// <inheritdoc/>
    public override Tensor Materialize()
    {
        using var noGrad = no_grad();
        return _weight.clone();
    }

    /// <summary>The values, in 16 bits only where these hold them exactly.</summary>
    /// <returns>A copy that the caller disposes.</returns>
    public override PackedMatrix Pack(MemoryUse memory) => FloatPacking.Pack(_weight, rounds: false);

    /// <inheritdoc/>
    public override void MoveTo(Device device)
    {
        using var noGrad = no_grad();
        bool trained = _weight.requires_grad;
        var moved = new Parameter(_weight.to(device, copy: true), trained);
        moved.DetachFromDisposeScope();
        _weight.Dispose();
        _weight = moved;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _weight.Dispose();
}
