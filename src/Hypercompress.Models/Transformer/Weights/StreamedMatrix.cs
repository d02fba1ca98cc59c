using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer.Weights;

/// <summary>
/// A matrix that stays in its file and is read when it is used; the ones used last wait in <see cref="TensorPool"/>.
/// It does not train.
/// </summary>
/// <param name="rows">Rows.</param>
/// <param name="columns">Columns.</param>
/// <param name="read">
/// Reads it as a new float32 [rows, columns] on the CPU; called by several threads at once, for as long as the matrix
/// is in use.
/// </param>
internal sealed class StreamedMatrix(long rows, long columns, Func<Tensor> read) : WeightMatrix
{
    private Device _device = CPU;

    /// <inheritdoc/>
    public override long Rows => rows;

    /// <inheritdoc/>
    public override long Columns => columns;

    /// <summary>None.</summary>
    public override IEnumerable<Parameter> Parameters => [];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        return LinearProduct.Of(x, Value()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Gather(Tensor ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        using var scope = NewDisposeScope();
        Tensor picked = Value().index_select(0, ids.reshape(-1));
        return picked.reshape([.. ids.shape, Columns]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Materialize() => TensorPool.Shared.Copy(this, Read);

    /// <summary>Reads it onto a device from now on.</summary>
    public override void MoveTo(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        TensorPool.Shared.Drop(this);
        _device = device;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => TensorPool.Shared.Drop(this);

    private Tensor Value() => TensorPool.Shared.Get(this, Read);

    private Tensor Read()
    {
        Tensor values = read();
        if (_device.type == DeviceType.CPU)
        {
            return values;
        }

        using (values)
        {
            return values.to(_device);
        }
    }
}
