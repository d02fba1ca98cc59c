using Hypercompress.Forms;
using Hypercompress.Training.Optimizers;
using Hypercompress.Training.States;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Training;

/// <summary>
/// Trains the continuous values of a compressed block (factors, sparse values and scales; codes, masks and
/// entropy-coded levels stay) towards the dense model's states after that block, which corrects part of the error of
/// the blocks before it. A quarter of the text is held back: where the states do not get closer on that quarter too,
/// the block is left unchanged.
/// </summary>
/// <remarks>
/// Adam on one block at a time, with the dense model's own states as the target and errors weighted by their cost at
/// each output, as in AA-SVD (arXiv 2604.02119) and NanoQuant; 3BASiL calls it transformer matching.
/// </remarks>
/// <param name="passes">Passes over the text, 1 or more.</param>
/// <param name="learningRate">The highest one, above 0; it falls to a tenth.</param>
/// <param name="cancellation">Stops between steps.</param>
internal sealed class BlockTrainer(int passes, double learningRate, CancellationToken cancellation)
{
    private const int HeldBackShare = 4;
    private const double FinalShare = 0.1;

    /// <summary>Trains a block.</summary>
    /// <param name="matrices">All matrices of the block.</param>
    /// <param name="batches">Inputs of the compressed block and outputs of the dense one.</param>
    /// <param name="weights">Cost of a squared error at each output, floating point [hidden].</param>
    /// <param name="block">The compressed block, from the states that enter it to those that leave it.</param>
    /// <returns>Whether the block was changed.</returns>
    internal bool Train(
        IReadOnlyList<FormMatrix> matrices,
        IReadOnlyList<BlockBatch> batches,
        Tensor weights,
        Func<Tensor, Tensor> block)
    {
        Parameter[] parameters = [.. matrices.SelectMany(matrix => matrix.Parameters).Distinct()];
        BlockBatch[] heldBack = [.. batches.Where((_, index) => IsHeldBack(index))];
        if (parameters.Length == 0 || heldBack.Length == 0)
        {
            return false;
        }

        using var scope = NewDisposeScope();
        var loss = new BlockLoss(weights.to(ScalarType.Float32).to(batches[0].Input.device), block);
        double before = loss.Mean(heldBack);
        using var snapshot = new WeightSnapshot(parameters);
        Descend(parameters, [.. batches.Where((_, index) => !IsHeldBack(index))], loss);
        RoundToStored(matrices);
        if (loss.Mean(heldBack) < before)
        {
            return true;
        }

        snapshot.Restore();
        RoundToStored(matrices);
        return false;
    }

    private static bool IsHeldBack(int index) => index % HeldBackShare == HeldBackShare - 1;

    private void Descend(Parameter[] parameters, BlockBatch[] batches, BlockLoss loss)
    {
        using var gradients = enable_grad();
        using var optimizer = new FusedAdamW(parameters, decay: 0);
        int steps = passes * batches.Length;
        var schedule = new LearningRateSchedule(learningRate, FinalShare, steps);
        Array.ForEach(parameters, parameter => parameter.requires_grad = true);
        try
        {
            for (int step = 0; step < steps; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                optimizer.ZeroGradients();
                loss.Of(batches[step % batches.Length]).backward();
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

    private static void RoundToStored(IReadOnlyList<FormMatrix> matrices)
    {
        foreach (FormMatrix matrix in matrices)
        {
            matrix.RoundToStored();
        }
    }

    private sealed record BlockLoss(Tensor Weights, Func<Tensor, Tensor> Block)
    {
        // Of one batch, with a gradient where the caller asked for one; in the caller's scope.
        internal Tensor Of(BlockBatch batch) =>
            ((Block(batch.Input) - batch.Target).square() * Weights).mean();

        internal double Mean(BlockBatch[] batches)
        {
            using var noGrad = no_grad();
            return batches.Average(batch =>
            {
                using var scope = NewDisposeScope();
                return Of(batch).item<float>();
            });
        }
    }
}
