using Hypercompress.Forms;
using Hypercompress.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Sequencing;

/// <summary>
/// Trains what is continuous in the matrices of a compressed block (factors, sparse values, scales; codes, masks and
/// entropy-coded levels stay) so that the states which leave it come near to the dense model's, which repairs part of what
/// the blocks before it did. A quarter of the text is held back: where the states do not come nearer there too, the block is
/// left as it was.
/// </summary>
/// <remarks>
/// Adam on one block at a time, with the dense model's own states as the target and errors weighted by what they cost at
/// each output, as in AA-SVD (arXiv 2604.02119) and NanoQuant; 3BASiL calls it transformer matching.
/// </remarks>
/// <param name="options">Passes and learning rate.</param>
/// <param name="cancellation">Stops between steps.</param>
internal sealed class BlockRefiner(SequentialOptions options, CancellationToken cancellation)
{
    private const int HeldBackShare = 4;
    private const double FinalShare = 0.1;

    /// <summary>Trains a block.</summary>
    /// <param name="matrices">All matrices of the block.</param>
    /// <param name="states">What enters the compressed block and what leaves the dense one.</param>
    /// <param name="weights">What a squared error costs at each output, floating point [hidden].</param>
    /// <param name="block">The compressed block, from the states that enter it to those that leave it.</param>
    /// <returns>Whether the block was changed.</returns>
    internal bool Refine(
        IReadOnlyList<FormMatrix> matrices, IReadOnlyList<StatePair> states, Tensor weights, Func<Tensor, Tensor> block)
    {
        Parameter[] parameters = [.. matrices.SelectMany(matrix => matrix.Parameters).Distinct()];
        StatePair[] heldBack = [.. states.Where((_, index) => index % HeldBackShare == HeldBackShare - 1)];
        if (parameters.Length == 0 || heldBack.Length == 0)
        {
            return false;
        }

        using var scope = NewDisposeScope();
        var loss = new BlockLoss(weights.to(ScalarType.Float32), block);
        double before = loss.Mean(heldBack);
        Tensor[] kept = [.. parameters.Select(parameter => parameter.detach().clone())];
        Train(parameters, [.. states.Except(heldBack)], loss);
        Commit(matrices);
        if (loss.Mean(heldBack) < before)
        {
            return true;
        }

        Restore(parameters, kept);
        Commit(matrices);
        return false;
    }

    private void Train(Parameter[] parameters, StatePair[] states, BlockLoss loss)
    {
        using var gradients = enable_grad();
        using var optimizer = new FusedAdamW(parameters, decay: 0);
        var schedule = new LearningRateSchedule(options.RefineLearningRate, FinalShare, options.RefinePasses * states.Length);
        Array.ForEach(parameters, parameter => parameter.requires_grad = true);
        try
        {
            for (int step = 0; step < options.RefinePasses * states.Length; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                optimizer.ZeroGradients();
                loss.Of(states[step % states.Length]).backward();
                optimizer.Step(schedule.At(step));
            }
        }
        finally
        {
            Array.ForEach(parameters, Freeze);
        }
    }

    private static void Freeze(Parameter parameter)
    {
        parameter.requires_grad = false;
        parameter.grad?.Dispose();
        parameter.grad = null;
    }

    private static void Restore(Parameter[] parameters, Tensor[] kept)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach ((Parameter parameter, Tensor values) in parameters.Zip(kept))
        {
            parameter.copy_(values);
        }
    }

    private static void Commit(IReadOnlyList<FormMatrix> matrices)
    {
        foreach (FormMatrix matrix in matrices)
        {
            matrix.Commit();
        }
    }

    private sealed record BlockLoss(Tensor Weights, Func<Tensor, Tensor> Block)
    {
        // Of one batch, with a gradient where the caller asked for one; in the caller's scope.
        internal Tensor Of(StatePair pair) => ((Block(pair.Drifted) - pair.Dense).square() * Weights).mean();

        internal double Mean(StatePair[] pairs)
        {
            using var noGrad = no_grad();
            return pairs.Average(pair =>
            {
                using var scope = NewDisposeScope();
                return Of(pair).item<float>();
            });
        }
    }
}
