using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Sparsity;

/// <summary>
/// Searches for places in normalized inputs, and then fits the values on the places found exactly by least squares.
/// </summary>
/// <param name="inputs">H.</param>
internal abstract class NormalizedPruner(InputMoment inputs) : Pruner
{
    /// <summary>The inputs in which all columns have the same size.</summary>
    protected NormalizedInputs Inputs { get; } = new(inputs);

    /// <inheritdoc/>
    public override void Dispose()
    {
        Inputs.Dispose();
        base.Dispose();
    }

    /// <summary>Searches for places.</summary>
    /// <param name="target">T̄, float32 [m, n].</param>
    /// <param name="start">bool [m, n]: the first places, whose number in each row stays.</param>
    /// <returns>The places, bool [m, n], and values to start their fit from, float32 [m, n].</returns>
    protected abstract PrunedRows Search(Tensor target, Tensor start);

    /// <inheritdoc/>
    protected sealed override PrunedRows PruneRows(Tensor target, Tensor start)
    {
        using var scope = NewDisposeScope();
        Tensor normalized = Inputs.Normalize(target);
        (Tensor mask, Tensor values) = Search(normalized, start);
        Tensor fitted = MaskedLeastSquares.Fit(normalized, Inputs.Moment, mask, values);
        return new PrunedRows(mask.MoveToOuterDisposeScope(), Inputs.Restore(fitted).MoveToOuterDisposeScope());
    }
}
