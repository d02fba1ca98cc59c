using System.Runtime.InteropServices;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Models.Transformer.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer.Packing;

/// <summary>
/// A matrix that is held as it is multiplied without libtorch; libtorch gets it widened, each time anew.
/// </summary>
/// <param name="matrix">The matrix; owned.</param>
internal sealed class PackedWeight(PackedMatrix matrix) : WeightMatrix
{
    private bool _isGiven;

    /// <inheritdoc/>
    public override long Rows => matrix.Rows;

    /// <inheritdoc/>
    public override long Columns => matrix.Columns;

    /// <inheritdoc/>
    public override IEnumerable<Parameter> Parameters => [];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x)
    {
        using Tensor weight = Materialize();
        return nn.functional.linear(x, weight);
    }

    /// <inheritdoc/>
    public override Tensor Gather(Tensor ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        using Tensor flat = ids.cpu().reshape(-1);
        long[] rows = [.. flat.data<long>()];
        using Tensor gathered = Read(rows);
        return gathered.reshape([.. ids.shape, Columns]);
    }

    /// <inheritdoc/>
    public override Tensor Materialize() => Read([.. Enumerable.Range(0, matrix.Rows).Select(row => (long)row)]);

    /// <summary>Gives the matrix itself away.</summary>
    /// <returns>The matrix, which is the caller's from then on and must outlive this.</returns>
    public override PackedMatrix Pack(MemoryUse memory)
    {
        _isGiven = true;
        return matrix;
    }

    /// <summary>Nothing to do: it is always on the CPU.</summary>
    public override void MoveTo(Device device)
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!_isGiven)
        {
            matrix.Dispose();
        }
    }

    private Tensor Read(long[] rows)
    {
        Tensor values = empty(rows.Length, Columns);
        var buffer = new float[matrix.Columns];
        for (int i = 0; i < rows.Length; i++)
        {
            matrix.ReadRow(checked((int)rows[i]), buffer);
            using Tensor row = values[i];
            MemoryMarshal.AsBytes(buffer.AsSpan()).CopyTo(row.bytes);
        }

        return values;
    }
}
