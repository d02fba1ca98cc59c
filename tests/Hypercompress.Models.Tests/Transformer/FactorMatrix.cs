using Hypercompress.Models.Transformer.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Transformer;

/// <summary>W = U V, kept as its two factors.</summary>
internal sealed class FactorMatrix : WeightMatrix, ILatentMatrix
{
    private readonly Parameter _up;
    private readonly Parameter _down;

    public FactorMatrix(Tensor up, Tensor down)
    {
        (Rows, Rank, Columns) = (up.shape[0], up.shape[1], down.shape[1]);
        _up = new Parameter(up, false);
        _down = new Parameter(down, false);
        _up.DetachFromDisposeScope();
        _down.DetachFromDisposeScope();
    }

    public override long Rows { get; }

    public override long Columns { get; }

    public long Rank { get; }

    public override IEnumerable<Parameter> Parameters => [_up, _down];

    public static FactorMatrix Random(long rows, long rank, long columns, ulong seed)
    {
        using var generator = new Generator(seed);
        return new(
            randn(rows, rank, generator: generator).mul_(1 / Math.Sqrt(rank)),
            randn(rank, columns, generator: generator).mul_(1 / Math.Sqrt(columns)));
    }

    public override Tensor Apply(Tensor x)
    {
        using Tensor latent = Encode(x);
        return Decode(latent);
    }

    public Tensor Encode(Tensor x) => nn.functional.linear(x, _down);

    public Tensor Decode(Tensor latent) => nn.functional.linear(latent, _up);

    public override Tensor Gather(Tensor ids) => throw new NotSupportedException();

    public override Tensor Materialize() => _up.matmul(_down);

    public override void MoveTo(Device device) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _up.Dispose();
        _down.Dispose();
    }
}
