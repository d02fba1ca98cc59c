using Hypercompress.Branches.Solvers;
using Hypercompress.Forms;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Sparsity;

/// <summary>
/// Prunes column after column and the columns that follow compensate for it (Frantar and Alistarh, SparseGPT,
/// arXiv 2301.00774), in the order of <see cref="ColumnSweep"/>. How many values a row keeps in each block of columns
/// comes from the places to begin with, so that rows and blocks which matter more keep more.
/// </summary>
/// <param name="inputs">H; not owned.</param>
/// <param name="pattern">The pattern to keep to, or null; with a pattern the places stay those to begin with.</param>
internal sealed class SweepPruner(InputMoment inputs, SparsePattern? pattern) : Pruner
{
    /// <inheritdoc/>
    protected override PrunedRows PruneRows(Tensor target, Tensor start)
    {
        using var scope = NewDisposeScope();
        var rule = new PruningRule(start, chooses: pattern is null);
        Tensor values = ColumnSweep.Run(target, inputs.ColumnSweep, rule);
        return new PrunedRows(
            rule.Mask().to(target.device).MoveToOuterDisposeScope(), values.MoveToOuterDisposeScope());
    }
}
