using System.Collections.Immutable;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Sites;

/// <summary>
/// The best approximations of a site's target at every rank, from one factorization. With H = L Lᵀ and
/// G = F Fᵀ, where F is diag(√g) if outputs do not interact, M = Fᵀ T L = P Σ Qᵀ: the best W' of rank r is U V with
/// U = F⁻ᵀ P Σ^½, V = Σ^½ Qᵀ L⁻¹ and costs J_r = ½ Σ_{i&gt;r} σ_i². The eigenvectors of the smaller of M Mᵀ and Mᵀ M
/// suffice; M itself is never formed.
/// </summary>
/// <remarks>
/// One-sided whitening: Wang et al., SVD-LLM, ICLR 2025 (arXiv 2403.07378). Eigenvectors of the output covariance
/// instead of an SVD, and Fisher weights at the outputs, are our own addition.
/// </remarks>
public sealed class WhitenedSpectrum : IDisposable
{
    // Where a sum is cut decides its last digits: parts of another size would change results.
    private const long GramRows = 8192;

    // Below this share of the largest eigenvalue, a float64 Gram matrix holds rounding noise only.
    private const double Noise = 1e-14;

    private readonly SiteProblem _problem;
    private readonly Tensor? _vectors;
    private readonly Tensor _squares;
    private readonly double[] _tails;

    private WhitenedSpectrum(SiteProblem problem, Tensor squares, Tensor? vectors)
    {
        (_problem, _squares, _vectors) = (problem, squares, vectors);
        using Tensor onHost = squares.cpu();
        Squares = [.. onHost.data<double>()];
        _tails = new double[Squares.Length + 1];
        for (int i = Squares.Length - 1; i >= 0; i--)
        {
            _tails[i] = _tails[i + 1] + (0.5 * Squares[i]);
        }

        double floor = Squares.Length > 0 ? Noise * Squares[0] : 0;
        Rank = Squares.Count(square => square > floor);
    }

    /// <summary>σ² of M in descending order, min(rows, columns) of them; ½ of each is nats per token.</summary>
    public ImmutableArray<double> Squares { get; }

    /// <summary>Numerical rank of M.</summary>
    public int Rank { get; }

    /// <summary>J of leaving the matrix out altogether: half the sum of all σ².</summary>
    public double Energy => _tails[0];

    /// <summary>Factorizes a problem.</summary>
    /// <param name="problem">The problem; has to live as long as factors are asked for.</param>
    /// <returns>A spectrum with which <see cref="Factors"/> works.</returns>
    /// <exception cref="NumericalException">The target or the moments are not finite.</exception>
    public static WhitenedSpectrum Factorize(SiteProblem problem)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor gram = SmallerGram(problem);
        (Tensor values, Tensor vectors) = linalg.eigh(gram);
        return new WhitenedSpectrum(problem, Descending(values), vectors.flip(1).DetachFromDisposeScope());
    }

    /// <summary>The σ² alone, at about a third of the cost.</summary>
    /// <param name="problem">The problem.</param>
    /// <returns>A spectrum without vectors.</returns>
    /// <exception cref="NumericalException">The target or the moments are not finite.</exception>
    public static WhitenedSpectrum Measure(SiteProblem problem)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return new WhitenedSpectrum(problem, Descending(linalg.eigvalsh(SmallerGram(problem))), null);
    }

    /// <summary>J of the best approximation of a rank.</summary>
    /// <param name="rank">0 to min(rows, columns).</param>
    /// <returns>Nats per token.</returns>
    public double Error(int rank) => _tails[rank];

    /// <summary>The smallest rank that retains a share of the energy.</summary>
    /// <param name="share">In (0, 1].</param>
    /// <returns>At least 1.</returns>
    public int AdaptiveRank(double share)
    {
        double allowed = (1 - share) * Energy;
        int rank = 1;
        while (rank < Squares.Length && _tails[rank] > allowed)
        {
            rank++;
        }

        return rank;
    }

    /// <summary>
    /// The best factors of a rank, with each column of the first as large (in root mean square) as its row of the
    /// second, so that narrow formats lose nothing to a lopsided split; beyond the numerical rank they are padded with
    /// zeros.
    /// </summary>
    /// <param name="rank">1 to min(rows, columns).</param>
    /// <returns>Up, float64 [rows, rank], and Down, float64 [rank, columns], in the caller's scope.</returns>
    /// <exception cref="InvalidOperationException">The spectrum was measured without vectors.</exception>
    public (Tensor Up, Tensor Down) Factors(int rank) => FactorsAt(rank, null);

    /// <summary>The best factors of a rank, the first of them only at some rows.</summary>
    /// <param name="rank">1 to min(rows, columns).</param>
    /// <param name="rows">The rows, int64 [k]; null for all.</param>
    /// <returns>Up, float64 [k, rank], and Down, float64 [rank, columns], in the caller's scope.</returns>
    /// <exception cref="InvalidOperationException">The spectrum was measured without vectors.</exception>
    internal (Tensor Up, Tensor Down) FactorsAt(int rank, Tensor? rows)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor basis = (_vectors ?? throw new InvalidOperationException("measured without vectors")).narrow(1, 0, rank);
        Tensor squares = _squares.narrow(0, 0, rank);
        Tensor real = squares > (Noise * _squares[0]);
        Tensor root = where(real, squares, ones_like(squares)).pow(0.25) * real;
        Tensor inverse = where(real, squares, ones_like(squares)).pow(-0.25) * real;
        (Tensor up, Tensor squared, Tensor down) = _problem.Target.shape[0] <= _problem.Target.shape[1]
            ? FromLeft(basis, root, inverse, rows)
            : FromRight(basis, root, inverse, rows);
        Tensor balance = (down.square().mean([1]) / squared).pow(0.25);
        balance = where(real, balance, ones_like(balance));
        return (up.mul_(balance).MoveToOuterDisposeScope(), down.div_(balance.unsqueeze(1)).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _squares.Dispose();
        _vectors?.Dispose();
    }

    // rows <= columns: Fᵀ T H Tᵀ F; otherwise Lᵀ (Tᵀ G T) L.
    private static Tensor SmallerGram(SiteProblem problem) => problem.Target.shape[0] <= problem.Target.shape[1]
        ? Sound(problem, RowGram(problem))
        : InputGram(problem, problem.Inputs.Factor);

    /// <summary>Lᵀ (Tᵀ G T) L, with L the factor of the site's own inputs or of others.</summary>
    /// <param name="problem">T and G.</param>
    /// <param name="factor">L, float64 [columns, columns].</param>
    /// <returns>float64 [columns, columns], symmetric, in the caller's scope.</returns>
    /// <exception cref="NumericalException">The target or the moments are not finite.</exception>
    internal static Tensor InputGram(SiteProblem problem, Tensor factor)
    {
        Tensor onOutputs = problem.Outputs is null ? WeightedGram(problem) : CorrelatedGram(problem, problem.Outputs);
        return Sound(problem, factor.t().matmul(onOutputs).matmul(factor));
    }

    private static Tensor Sound(SiteProblem problem, Tensor gram)
    {
        if (!gram.isfinite().all().item<bool>())
        {
            throw new NumericalException(
                $"site {problem.Site.Name}: the weight or its statistics are not finite; check the checkpoint");
        }

        return (gram + gram.t()) * 0.5;
    }

    private static Tensor RowGram(SiteProblem problem)
    {
        Tensor target = problem.Target.to(ScalarType.Float64);
        Tensor onInputs = target.matmul(problem.Inputs.Moment).matmul(target.t());
        if (problem.Outputs is not null)
        {
            return problem.Outputs.Factor.t().matmul(onInputs).matmul(problem.Outputs.Factor);
        }

        Tensor root = problem.OutputWeights.sqrt();
        return onInputs * root.unsqueeze(1) * root.unsqueeze(0);
    }

    private static Tensor CorrelatedGram(SiteProblem problem, OutputMoment outputs)
    {
        Tensor target = problem.Target.to(ScalarType.Float64);
        return target.t().matmul(outputs.Moment.matmul(target));
    }

    private static Tensor WeightedGram(SiteProblem problem)
    {
        (long rows, long columns) = (problem.Target.shape[0], problem.Target.shape[1]);
        Tensor sum = zeros(columns, columns, dtype: ScalarType.Float64, device: problem.Target.device);
        foreach ((long first, long count) in RowParts.OfSize(rows, GramRows))
        {
            using var scope = NewDisposeScope();
            Tensor part = problem.Target.narrow(0, first, count).to(ScalarType.Float64);
            Tensor weights = problem.OutputWeights.narrow(0, first, count).unsqueeze(1);
            sum.add_((part * weights).t().matmul(part));
        }

        return sum;
    }

    private static Tensor Descending(Tensor ascending) => ascending.flip(0).clamp(min: 0).DetachFromDisposeScope();

    // P is known: U = F⁻ᵀ P Σ^½, V = Σ^-½ Pᵀ Fᵀ T. With them the mean squares of the columns of U.
    private (Tensor Up, Tensor Squared, Tensor Down) FromLeft(Tensor basis, Tensor root, Tensor inverse, Tensor? rows)
    {
        (Tensor up, Tensor down) = _problem.Outputs is { } outputs
            ? FromLeft(basis, root, outputs.Factor)
            : FromLeft(basis, root);
        Tensor squared = up.square().mean([0]);
        return (rows is null ? up : up.index_select(0, rows), squared, inverse.unsqueeze(1) * down);
    }

    private (Tensor Up, Tensor Down) FromLeft(Tensor basis, Tensor root, Tensor outer) => (
        linalg.solve_triangular(outer.t(), basis * root, upper: true),
        outer.matmul(basis).t().matmul(_problem.Target.to(ScalarType.Float64)));

    private (Tensor Up, Tensor Down) FromLeft(Tensor basis, Tensor root)
    {
        Tensor weights = _problem.OutputWeights.sqrt().unsqueeze(1);
        return (
            basis / weights * root,
            (basis * weights).t().matmul(_problem.Target.to(ScalarType.Float64)));
    }

    // Q is known: U = T L Q Σ^-½, V = Σ^½ Qᵀ L⁻¹. A large matrix passes in parts.
    private (Tensor Up, Tensor Squared, Tensor Down) FromRight(Tensor basis, Tensor root, Tensor inverse, Tensor? rows)
    {
        Tensor target = _problem.Target;
        (long height, long width) = (target.shape[0], target.shape[1]);
        Tensor factor = _problem.Inputs.Factor;
        Tensor map = (factor.matmul(basis) * inverse).to(ScalarType.Float32);
        Tensor up = rows is null
            ? empty(height, map.shape[1], ScalarType.Float64, device: target.device)
            : target.index_select(0, rows).matmul(map).to(ScalarType.Float64);
        Tensor squares = zeros_like(inverse);
        foreach ((long first, long count) in RowParts.Of(height, width))
        {
            using var scope = NewDisposeScope();
            Tensor part = target.narrow(0, first, count).matmul(map).to(ScalarType.Float64);
            squares.add_(part.square().sum([0]));
            if (rows is null)
            {
                up.narrow(0, first, count).copy_(part);
            }
        }

        return (
            up, squares / height, linalg.solve_triangular(factor, (basis * root).t(), upper: false, left: false));
    }
}
