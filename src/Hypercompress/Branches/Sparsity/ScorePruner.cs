using static TorchSharp.torch;

namespace Hypercompress.Branches.Sparsity;

/// <summary>Takes the places that have the highest scores, and the values unchanged.</summary>
internal sealed class ScorePruner : Pruner
{
    /// <inheritdoc/>
    protected override (Tensor Mask, Tensor Values) PruneRows(Tensor target, Tensor start) =>
        (start.alias(), target.alias());
}
