using Hypercompress.Models.Kernels.Matrices;
using TorchSharp;
using TorchSharp.Modules;

namespace Hypercompress.Models.Transformer.Weights;

/// <summary>
/// A matrix W of shape [<see cref="Rows"/>, <see cref="Columns"/>] in any stored form. Every weight of a decoder that
/// is more than a vector is one of these, so that exchanging the form of a weight never touches the decoder's code.
/// </summary>
public abstract class WeightMatrix : IDisposable
{
    /// <summary>Output features of a linear layer; vocabulary size of an embedding.</summary>
    public abstract long Rows { get; }

    /// <summary>Input features of a linear layer; width of an embedding.</summary>
    public abstract long Columns { get; }

    /// <summary>Multiply-adds that <see cref="Apply"/> costs per vector.</summary>
    public virtual long MultiplyAdds => Rows * Columns;

    /// <summary>The parameters that training may change. Codes, masks and indices are not among them.</summary>
    public abstract IEnumerable<Parameter> Parameters { get; }

    /// <summary>x Wᵀ.</summary>
    /// <param name="x">float32 [..., <see cref="Columns"/>].</param>
    /// <returns>float32 [..., <see cref="Rows"/>].</returns>
    public abstract torch.Tensor Apply(torch.Tensor x);

    /// <summary>Picks rows of W, as an embedding does.</summary>
    /// <param name="ids">int64 [...], each in [0, <see cref="Rows"/>).</param>
    /// <returns>float32 [..., <see cref="Columns"/>].</returns>
    public abstract torch.Tensor Gather(torch.Tensor ids);

    /// <summary>W itself, multiplied out; the caller disposes it.</summary>
    /// <returns>A new float32 [<see cref="Rows"/>, <see cref="Columns"/>], detached from any graph.</returns>
    public abstract torch.Tensor Materialize();

    /// <summary>
    /// The matrix as it is multiplied without libtorch. A form that stores whole numbers gives whole numbers; what has
    /// no form of its own in memory becomes numbers of 16 bits, or of 32 where 16 would not hold them.
    /// </summary>
    /// <param name="memory">Whether coded streams are decoded now or whenever they are multiplied.</param>
    /// <returns>A copy that the caller disposes.</returns>
    public virtual PackedMatrix Pack(MemoryUse memory)
    {
        using var noGrad = torch.no_grad();
        using torch.Tensor values = Materialize();
        return FloatPacking.Pack(values, rounds: true);
    }

    /// <summary>The blocks that the matrix is stored in, for files that hold such blocks.</summary>
    /// <returns>The blocks; null where it is stored in another form.</returns>
    public virtual BlockRows? ToBlocks() => null;

    /// <summary>Moves all tensors to a device.</summary>
    /// <param name="device">Where to.</param>
    public abstract void MoveTo(torch.Device device);

    /// <summary>Releases all tensors.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases all tensors.</summary>
    /// <param name="disposing">True when called from <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);
}
