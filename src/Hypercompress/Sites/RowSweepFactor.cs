using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Sites;

/// <summary>
/// A second moment G of gradients prepared for successive cancellation along the rows of a column, in blocks from the
/// first row to the last: with G = U D Uᵀ, U unit upper triangular and D diagonal but for its blocks, tr[Eᵀ G E] is the
/// sum over blocks b of the errors (Uᵀ E)_b = E_b + Σ_{i&lt;b} U_ib E_i weighted by D_b. So every block takes up what
/// the rows before it left over, and what remains of its own errors costs D_b, less than G itself says.
/// </summary>
/// <remarks>
/// The other side of GPTQ's cancellation, as in YAQA (Tseng et al., arXiv 2505.22988). Rows of one block do not make up
/// for each other.
/// </remarks>
internal sealed class RowSweepFactor : IDisposable
{
    // A block that waits for the next one leaves out what its own rows know of each other: heads lose much, other
    // outputs hardly anything.
    private static readonly int[] BlockSizes = [256, 128, 64, 32, 16];
    private const int SmallestBlock = 8;
    private const double AllowedBits = 0.01;

    private RowSweepFactor(int blockRows, Tensor prices, Tensor coefficients) =>
        (BlockRows, Prices, Coefficients) = (blockRows, prices, coefficients);

    /// <summary>Rows that are decided together.</summary>
    internal int BlockRows { get; }

    /// <summary>Diagonal of D: what a squared error costs that later rows make up for, float64 [m].</summary>
    internal Tensor Prices { get; }

    /// <summary>
    /// Uᵀ, float32 [m, m] on the CPU: what the errors of earlier blocks (columns) add to what is wanted of a row.
    /// </summary>
    internal Tensor Coefficients { get; }

    /// <summary>
    /// Factorizes a moment, for the largest blocks that lose at most a hundredth of a bit to smaller ones.
    /// </summary>
    /// <param name="outputs">The moment.</param>
    /// <param name="runRows">Rows that interact: each run of so many is prepared for itself.</param>
    /// <returns>Factors that the caller disposes.</returns>
    /// <exception cref="NumericalException">No amount of damping makes the moment positive definite.</exception>
    internal static RowSweepFactor Of(OutputMoment outputs, int runRows)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] runs = Factorize(outputs.Moment, runRows);
        double least = MeanBits(runs, SmallestBlock);
        int chosen = BlockSizes.FirstOrDefault(size => MeanBits(runs, size) <= least + AllowedBits, SmallestBlock);
        return Of(runs, chosen, outputs.Moment.device);
    }

    /// <summary>Factorizes a moment for blocks of one size.</summary>
    /// <param name="outputs">The moment.</param>
    /// <param name="runRows">Rows that interact.</param>
    /// <param name="blockRows">Rows that are decided together.</param>
    /// <returns>Factors that the caller disposes.</returns>
    /// <exception cref="NumericalException">No amount of damping makes the moment positive definite.</exception>
    internal static RowSweepFactor Of(OutputMoment outputs, int runRows, int blockRows)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return Of(Factorize(outputs.Moment, runRows), blockRows, outputs.Moment.device);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Prices.Dispose();
        Coefficients.Dispose();
    }

    private static RowSweepFactor Of(Tensor[] runs, int blockRows, Device device)
    {
        Tensor prices = cat([.. runs.Select(run => PricesOf(run, blockRows))]);
        Tensor coefficients = zeros(prices.shape[0], prices.shape[0]);
        long first = 0;
        foreach (Tensor run in runs)
        {
            foreach ((long block, long width) in Blocks(run, blockRows))
            {
                Tensor own = run.narrow(0, block, width).narrow(1, block, width);
                Tensor above = run.narrow(0, 0, block).narrow(1, block, width);
                coefficients.narrow(0, first + block, width).narrow(1, first, block).copy_(
                    above.matmul(linalg.inv(own)).t());
            }

            first += run.shape[0];
        }

        return new RowSweepFactor(
            blockRows, prices.to(device).DetachFromDisposeScope(), coefficients.DetachFromDisposeScope());
    }

    // U D^½ of each run, upper triangular: the factor of the moment read backwards.
    private static Tensor[] Factorize(Tensor moment, int runRows)
    {
        long rows = moment.shape[0];
        Tensor onHost = moment.cpu();
        return
        [
            .. Starts(rows, runRows).Select(first =>
            {
                long count = long.Min(runRows, rows - first);
                Tensor run = onHost.narrow(0, first, count).narrow(1, first, count);
                return OutputMoment.Decompose(run.flip(0, 1)).flip(0, 1);
            }),
        ];
    }

    private static Tensor PricesOf(Tensor run, int blockRows) => cat(
        [.. Blocks(run, blockRows)
            .Select(block =>
            run.narrow(0, block.First, block.Count).narrow(1, block.First, block.Count).square().sum(1))]);

    // Of a value, up to what is the same for all sizes of blocks.
    private static double MeanBits(Tensor[] runs, int blockRows) =>
        0.5 * cat([.. runs.Select(run => PricesOf(run, blockRows))]).log2().mean().item<double>();

    private static IEnumerable<(long First, long Count)> Blocks(Tensor run, int blockRows) =>
        Starts(run.shape[0], blockRows).Select(first => (first, long.Min(blockRows, run.shape[0] - first)));

    private static IEnumerable<long> Starts(long rows, int step)
    {
        for (long first = 0; first < rows; first += step)
        {
            yield return first;
        }
    }
}
