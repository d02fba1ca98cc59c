using static TorchSharp.torch;

namespace Hypercompress.Branches.Sparsity;

/// <summary>Takes the places that have the highest scores, and the values unchanged.</summary>
internal sealed class ScorePruner : Pruner
{
    /// <inheritdoc/>
    protected override PrunedRows PruneRows(Tensor target, Tensor start) =>
        new(start.alias(), target.alias());
}
