using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Hypercompress.Sites;

/// <summary>
/// The rate–distortion limit of a site problem: in the eigenvectors of H and of S G S the error is a sum over
/// components with energies e_ij = ½ γ_i λ_j. S is diag(s) with s_i² the mean square of row i, and λ_j and γ_i are the
/// eigenvalues; γ_i is g_i s_i² where outputs do not interact. For a Gaussian source the best code at a water level θ
/// spends ½ log₂(e/θ) bits on a component above it, which then costs θ, and none on one below, which costs e.
/// </summary>
/// <remarks>
/// Reverse water-filling: Cover and Thomas, Elements of Information Theory, theorem 10.3.3. A Gaussian source is the
/// hardest of its variances: weights with more structure than their rows' scales can lie below the limit.
/// </remarks>
internal static class RateDistortion
{
    // 24 octaves of the level are 12 bits a weight more than at the first bit.
    private const int Octaves = 24;

    /// <summary>The curve of a site.</summary>
    /// <param name="problem">The site's problem.</param>
    /// <returns>Bits against J.</returns>
    public static RateCurve Curve(SiteProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor squares = RowParts.Squares(problem.Target) / problem.Target.shape[1];
        Tensor energies =
            0.5 * (problem.Outputs is { } outputs ? Energies(squares, outputs) : squares * problem.OutputWeights);
        double[] rows = [.. energies.cpu().data<double>()];
        return Curve(rows, [.. problem.Inputs.Eigenvalues]);
    }

    /// <summary>The curve of components that are products.</summary>
    /// <param name="rows">A factor for each row, ½ γ_i; none negative.</param>
    /// <param name="columns">A factor for each column, λ_j; none negative.</param>
    /// <returns>Bits against error of all components rows[i] · columns[j].</returns>
    public static RateCurve Curve(double[] rows, double[] columns)
    {
        double[] a = [.. rows.Where(factor => factor > 0).OrderDescending()];
        double[] b = [.. columns.Where(factor => factor > 0).OrderDescending()];
        if (a.Length == 0 || b.Length == 0)
        {
            return RateCurve.Empty;
        }

        var (logs, rest) = (new double[b.Length + 1], new double[b.Length + 1]);
        for (int j = 0; j < b.Length; j++)
        {
            logs[j + 1] = logs[j] + Math.Log2(b[j]);
        }

        for (int j = b.Length - 1; j >= 0; j--)
        {
            rest[j] = rest[j + 1] + b[j];
        }

        int highest = (int)Math.Ceiling(Math.Log2(a[0] * b[0]));
        int lowest = Math.Max(highest - Octaves, (int)Math.Floor(Math.Log2(a[^1] * b[^1])));
        IEnumerable<WaterLevelPoint> points =
            Enumerable.Range(lowest, highest - lowest + 1).Select(level => Point(level, a, b, logs, rest));
        return new RateCurve((long)a.Length * b.Length, [.. points]);
    }

    // Of rows that are mixed so that their errors do not interact: the eigenvalues of S G S, S = diag(s).
    private static Tensor Energies(Tensor squares, OutputMoment outputs)
    {
        Tensor roots = squares.sqrt();
        return linalg.eigvalsh(outputs.Moment * roots.unsqueeze(1) * roots).clamp(min: 0);
    }

    private static WaterLevelPoint Point(int level, double[] rows, double[] columns, double[] logs, double[] rest)
    {
        double water = Math.Pow(2, level);
        double bits = 0;
        double error = 0;
        int above = columns.Length;
        foreach (double row in rows)
        {
            while (above > 0 && row * columns[above - 1] <= water)
            {
                above--;
            }

            bits += 0.5 * ((above * (Math.Log2(row) - level)) + logs[above]);
            error += (above * water) + (row * rest[above]);
        }

        return new WaterLevelPoint(level, bits, error);
    }
}
