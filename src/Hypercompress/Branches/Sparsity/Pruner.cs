using static TorchSharp.torch;

namespace Hypercompress.Branches.Sparsity;

/// <summary>Prunes matrices that share their inputs. Rows do not interact; many of them pass in chunks.</summary>
internal abstract class Pruner : IDisposable
{
    private const long ChunkRows = 4096;

    /// <summary>Prunes a matrix, or some of its rows.</summary>
    /// <param name="target">T, float32 [m, n].</param>
    /// <param name="start">
    /// bool [m, n]: the places that are kept to begin with. Other places may turn out better, but every row keeps as
    /// many.
    /// </param>
    /// <returns>The places, bool [m, n], and values on them, float32 [m, n], in the caller's scope.</returns>
    internal PrunedRows Prune(Tensor target, Tensor start)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        long rows = target.shape[0];
        if (rows <= ChunkRows)
        {
            (Tensor only, Tensor its) = PruneRows(target, start);
            return new PrunedRows(only.MoveToOuterDisposeScope(), its.MoveToOuterDisposeScope());
        }

        Tensor mask = empty_like(start);
        Tensor values = empty_like(target);
        for (long first = 0; first < rows; first += ChunkRows)
        {
            using var chunkScope = NewDisposeScope();
            long count = long.Min(ChunkRows, rows - first);
            (Tensor places, Tensor some) = PruneRows(target.narrow(0, first, count), start.narrow(0, first, count));
            mask.narrow(0, first, count).copy_(places);
            values.narrow(0, first, count).copy_(some);
        }

        return new PrunedRows(mask.MoveToOuterDisposeScope(), values.MoveToOuterDisposeScope());
    }

    /// <summary>Releases what was prepared.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>As <see cref="Prune"/>, for as many rows as fit into memory comfortably.</summary>
    protected abstract PrunedRows PruneRows(Tensor target, Tensor start);
}
