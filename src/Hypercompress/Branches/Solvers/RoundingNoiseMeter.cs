using Hypercompress.NumberFormats;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Solvers;

/// <summary>
/// Measures the cost in J of rounding the factors of a site: does the work of the solver on a sample of rows, in
/// whitened inputs. Factors of lower ranks are parts of those of the highest, so one pair serves all probes.
/// </summary>
internal sealed class RoundingNoiseMeter : IDisposable
{
    private const long SampleRows = 512;

    private readonly SiteProblem _problem;
    private readonly double _floor;
    private readonly RowSample _sample;
    private readonly Tensor _factor;
    private readonly Tensor _target;
    private readonly Tensor _up;
    private readonly Tensor _down;
    private readonly Tensor _whitenedDown;

    /// <summary>Prepares the probes of a site.</summary>
    /// <param name="problem">The site's problem.</param>
    /// <param name="factors">
    /// Makes factors of the highest rank that is going to be probed, in the caller's scope: U at the rows of the
    /// sample, float64 [k, r], and V, float64 [r, n].
    /// </param>
    /// <param name="energy">J of leaving the matrix out; noise is taken to be no less than a tiny share of it.</param>
    /// <param name="largestGroup">
    /// The largest group of the formats to be probed; rows of one group are sampled together.
    /// </param>
    internal RoundingNoiseMeter(
        SiteProblem problem, Func<RowSample, (Tensor Up, Tensor Down)> factors, double energy, int largestGroup)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _problem = problem;
        _floor = RoundingNoise.Floor(energy);
        _sample = RowSample.Take(problem, SampleRows, int.Max(1, largestGroup));
        _factor = problem.Inputs.Factor.to(ScalarType.Float32).DetachFromDisposeScope();
        _target = _sample.Target.matmul(_factor).DetachFromDisposeScope();
        (Tensor up, Tensor down) = factors(_sample);
        _up = up.to(ScalarType.Float32).DetachFromDisposeScope();
        _down = down.to(ScalarType.Float32).DetachFromDisposeScope();
        _whitenedDown = _down.matmul(_factor).DetachFromDisposeScope();
    }

    /// <summary>Measures a format.</summary>
    /// <param name="format">The format of both factors.</param>
    /// <param name="ranks">Ascending ranks, none above the highest.</param>
    internal RoundingNoise Measure(ValueFormat format, IEnumerable<int> ranks)
    {
        using var noGrad = no_grad();
        return new RoundingNoise([.. ranks.Select(rank => (rank, MeasureAt(format, rank)))], _floor);
    }

    public void Dispose()
    {
        _sample.Dispose();
        _factor.Dispose();
        _target.Dispose();
        _up.Dispose();
        _down.Dispose();
        _whitenedDown.Dispose();
    }

    private double MeasureAt(ValueFormat format, int rank)
    {
        using var scope = NewDisposeScope();
        Tensor up = _up.narrow(1, 0, rank);
        Tensor exact = up.matmul(_whitenedDown.narrow(0, 0, rank));
        Tensor rounded = Round(format, up, _down.narrow(0, 0, rank));
        return _sample.WhitenedError(_target - rounded) - _sample.WhitenedError(_target - exact);
    }

    private Tensor Round(ValueFormat format, Tensor up, Tensor down)
    {
        using StoredValues storedDown = format.Encode(
            down, format.IsCoarse ? ErrorWeights.Columns(_problem) : null);
        Tensor projected = storedDown.Value().matmul(_factor);
        Tensor fitted = format.IsCoarse ? FactorFit.Up(_target, projected.to(ScalarType.Float64)) : up;
        using StoredValues storedUp = format.Encode(
            fitted.t().contiguous(), format.IsCoarse ? ErrorWeights.Rows(_sample.OutputWeights) : null);
        return storedUp.Value().t().matmul(projected);
    }
}
