using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Solvers;

/// <summary>
/// A sample of the rows of a site's target, on which errors are estimated: rows do not interact in J. Small
/// sites are taken whole. Otherwise blocks of adjacent rows are picked systematically, each with a probability in
/// proportion to Σ g_i ‖T_i‖² over the block (about its contribution), and weighted by its inverse. The pick is the
/// same in every run.
/// </summary>
internal sealed class RowSample : IDisposable
{
    private readonly Tensor _weights;
    private readonly Tensor _moment;

    private RowSample(Tensor? indices, Tensor target, Tensor outputWeights, Tensor weights, Tensor moment) =>
        (Indices, Target, OutputWeights, _weights, _moment) = (indices, target, outputWeights, weights, moment);

    /// <summary>float32 [k, n].</summary>
    internal Tensor Target { get; }

    /// <summary>g of the rows, float64 [k].</summary>
    internal Tensor OutputWeights { get; }

    /// <summary>Picks rows.</summary>
    /// <param name="problem">The site's problem.</param>
    /// <param name="limit">Rows to take at most; all are taken where the site has no more.</param>
    /// <param name="block">Adjacent rows that are taken together, because they share scales.</param>
    internal static RowSample Take(SiteProblem problem, long limit, int block = 1)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        long blocks = problem.Target.shape[0] / block;
        long wanted = limit / block;
        if (problem.Target.shape[0] <= limit || wanted >= blocks || wanted == 0)
        {
            return new RowSample(
                null,
                problem.Target.alias().DetachFromDisposeScope(),
                problem.OutputWeights.alias().DetachFromDisposeScope(),
                problem.OutputWeights.alias().DetachFromDisposeScope(),
                problem.Inputs.Moment.to(ScalarType.Float32).DetachFromDisposeScope());
        }

        (Tensor indices, Tensor inverse) = Pick(problem, blocks, wanted, block);
        Tensor outputWeights = problem.OutputWeights.index_select(0, indices);
        return new RowSample(
            indices.DetachFromDisposeScope(),
            problem.Target.index_select(0, indices).DetachFromDisposeScope(),
            outputWeights.DetachFromDisposeScope(),
            (outputWeights * inverse).DetachFromDisposeScope(),
            problem.Inputs.Moment.to(ScalarType.Float32).DetachFromDisposeScope());
    }

    /// <summary>The rows that were taken, int64 [k]; null where all are.</summary>
    internal Tensor? Indices { get; }

    /// <summary>
    /// The sample's rows of a matrix or vector that has a row for each row of the site, in the caller's scope.
    /// </summary>
    internal Tensor Rows(Tensor matrix) => Indices is null ? matrix.alias() : matrix.index_select(0, Indices);

    /// <summary>Estimated J of an approximation given by the sample's rows, float32 [k, n].</summary>
    internal double Error(Tensor approximation)
    {
        using var scope = NewDisposeScope();
        Tensor difference = Target - approximation;
        return WeightedSum(SumsOf(difference.matmul(_moment) * difference));
    }

    /// <summary>Estimated J of a difference in whitened inputs, D L, float32 [k, n].</summary>
    internal double WhitenedError(Tensor difference)
    {
        using var scope = NewDisposeScope();
        return WeightedSum(SumsOf(difference.square()));
    }

    /// <summary>Estimated J from the squared whitened errors of the sample's rows, float64 [k].</summary>
    internal double WeightedSum(Tensor perRow) => 0.5 * (perRow * _weights).sum().item<double>();

    /// <summary>Releases the sample.</summary>
    public void Dispose()
    {
        Indices?.Dispose();
        Target.Dispose();
        OutputWeights.Dispose();
        _weights.Dispose();
        _moment.Dispose();
    }

    private static (Tensor Indices, Tensor Inverse) Pick(SiteProblem problem, long blocks, long wanted, int block)
    {
        Tensor perRow = RowParts.Squares(problem.Target) * problem.OutputWeights;
        Tensor perBlock = perRow.narrow(0, 0, blocks * block).view(blocks, block).sum(1);
        Tensor share = perBlock / perBlock.sum();
        Tensor marks = (arange(wanted, dtype: ScalarType.Float64, device: share.device) + 0.5) / wanted;
        Tensor picked = searchsorted(share.cumsum(0), marks).clamp(0, blocks - 1);
        Tensor inverse = (share.index_select(0, picked) * wanted).reciprocal();
        Tensor offsets = arange(block, dtype: ScalarType.Int64, device: share.device);
        Tensor indices = ((picked * block).unsqueeze(1) + offsets).flatten();
        return (indices, inverse.repeat_interleave(block));
    }

    private static Tensor SumsOf(Tensor terms) => terms.sum(1, type: ScalarType.Float64);
}
