using System.Collections.Immutable;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Sites;

/// <summary>
/// The best approximations, at every rank, of the targets T_i of sites that read the same input x by U_i V with one V
/// for all, from one factorization. With H = L Lᵀ and S_i = Lᵀ T_iᵀ G_i T_i L, the eigenvectors Q of Σ S_i give V =
/// Q_rᵀ L⁻¹ and U_i = T_i L Q_r, and site i loses J_i = ½ Σ_{j&gt;r} q_jᵀ S_i q_j: what of the dropped directions falls
/// on its own rows.
/// </summary>
/// <remarks>
/// The stacked matrix [T_1; T_2; …], whose G does not couple the sites, in place of <see cref="WhitenedSpectrum"/>'s
/// one target. After a compressed prefix sites are corrected differently and their H differ a little; then V is the
/// best one under the mean of them.
/// </remarks>
internal sealed class StackedSpectrum : IDisposable
{
    // Below this share of the largest eigenvalue, a float64 Gram matrix holds rounding noise only.
    private const double Noise = 1e-14;

    private readonly IReadOnlyList<SiteProblem> _problems;
    private readonly InputMoment _inputs;
    private readonly bool _ownsInputs;
    private readonly Tensor _squares;
    private readonly Tensor _vectors;
    private readonly double[][] _tails;

    private StackedSpectrum(IReadOnlyList<SiteProblem> problems)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _problems = problems;
        _ownsInputs = problems.Any(problem => !ReferenceEquals(problem.Inputs, problems[0].Inputs));
        _inputs = _ownsInputs ? MeanOf(problems) : problems[0].Inputs;
        Tensor[] grams = [.. problems.Select(problem => WhitenedSpectrum.InputGram(problem, _inputs.Factor))];
        (Tensor values, Tensor vectors) = linalg.eigh(grams.Aggregate((sum, gram) => sum + gram));
        _squares = values.flip(0).clamp(min: 0).DetachFromDisposeScope();
        _vectors = vectors.flip(1).DetachFromDisposeScope();
        _tails = [.. grams.Select(Tails)];
        Largest = (int)long.Min(_inputs.Width, problems.Sum(problem => problem.Site.Rows));
    }

    /// <summary>The highest rank that there is: min(columns, rows of all sites).</summary>
    public int Largest { get; }

    /// <summary>J of leaving out all the matrices: the sum over the sites.</summary>
    public double Energy => Error(0);

    /// <summary>Factorizes the problems of some sites.</summary>
    /// <param name="problems">At least one, of one width; they have to live as long as factors are asked for.</param>
    /// <returns>The spectrum.</returns>
    /// <exception cref="NumericalException">A target or moment is not finite.</exception>
    public static StackedSpectrum Factorize(IReadOnlyList<SiteProblem> problems) => new(problems);

    /// <summary>J of the best approximations of a rank, summed over the sites.</summary>
    /// <param name="rank">0 to <see cref="Largest"/>.</param>
    /// <returns>Nats per token.</returns>
    public double Error(int rank) => _tails.Sum(tails => tails[rank]);

    /// <summary>J of one site at a rank.</summary>
    /// <param name="site">Index of the site.</param>
    /// <param name="rank">0 to <see cref="Largest"/>.</param>
    /// <returns>Nats per token.</returns>
    public double Error(int site, int rank) => _tails[site][rank];

    /// <summary>The smallest rank that retains a share of the energy of all sites.</summary>
    /// <param name="share">In (0, 1].</param>
    /// <returns>At least 1.</returns>
    public int AdaptiveRank(double share)
    {
        double allowed = (1 - share) * Energy;
        return Enumerable.Range(1, Largest).FirstOrDefault(rank => Error(rank) <= allowed, Largest);
    }

    /// <summary>
    /// The best factors of a rank, with each column of all U together as large (in root mean square) as its row of V;
    /// beyond the numerical rank they are padded with zeros.
    /// </summary>
    /// <param name="rank">1 to <see cref="Largest"/>.</param>
    /// <returns>U of each site, float64 [rows, rank], and V, float64 [rank, columns], in the caller's scope.</returns>
    public (ImmutableArray<Tensor> Ups, Tensor Down) Factors(int rank)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor real = _squares.narrow(0, 0, rank) > (Noise * _squares[0]);
        Tensor basis = _vectors.narrow(1, 0, rank) * real;
        Tensor down = linalg.solve_triangular(_inputs.Factor, basis.t(), upper: false, left: false);
        Tensor projected = _inputs.Factor.matmul(basis).to(ScalarType.Float32);
        Tensor up = cat([.. _problems.Select(problem => problem.Target.matmul(projected))], 0).to(ScalarType.Float64);
        Tensor balance = (down.square().mean([1]) / up.square().mean([0])).pow(0.25);
        balance = where(real, balance, ones_like(balance));
        Tensor[] ups = (up * balance).split([.. _problems.Select(problem => problem.Site.Rows)], 0);
        return (
            [.. ups.Select(part => part.MoveToOuterDisposeScope())],
            (down / balance.unsqueeze(1)).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _squares.Dispose();
        _vectors.Dispose();
        if (_ownsInputs)
        {
            _inputs.Dispose();
        }
    }

    // Each moment is damped already.
    private static InputMoment MeanOf(IReadOnlyList<SiteProblem> problems)
    {
        Tensor sum = problems.Select(problem => problem.Inputs.Moment).Aggregate((total, moment) => total + moment);
        return new InputMoment((sum / problems.Count).DetachFromDisposeScope(), problems[0].Inputs.Tokens, damping: 0);
    }

    // ½ Σ_{j>r} q_jᵀ S q_j for every r.
    private double[] Tails(Tensor gram)
    {
        using var scope = NewDisposeScope();
        double[] shares = [.. (gram.matmul(_vectors) * _vectors).sum(dim: 0).clamp(min: 0).cpu().data<double>()];
        var tails = new double[shares.Length + 1];
        for (int i = shares.Length - 1; i >= 0; i--)
        {
            tails[i] = tails[i + 1] + (0.5 * shares[i]);
        }

        return tails;
    }
}
