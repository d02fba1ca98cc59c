using static TorchSharp.torch;

namespace Hypercompress.Branches.Sparsity;

/// <summary>
/// The best values on given places: for each row i, the minimum of (T̄_i − w) H̄ (T̄_i − w)ᵀ over w that is zero
/// outside of the row's places. Conjugate gradients on all rows at once, which takes one matrix product per iteration
/// where a factorization per row would take n³/3 each.
/// </summary>
internal static class MaskedLeastSquares
{
    private const int MostIterations = 60;

    // The share of the error that an iteration has to remove to be followed by another one.
    private const double Tolerance = 2e-4;
    private const double Smallest = 1e-30;

    /// <summary>Fits values.</summary>
    /// <param name="target">T̄, float32 [m, n].</param>
    /// <param name="moment">H̄, float32 [n, n].</param>
    /// <param name="mask">bool [m, n].</param>
    /// <param name="start">Values to start from, float32 [m, n]; those outside of the mask do not count.</param>
    /// <returns>float32 [m, n], zero outside of the mask, in the caller's scope.</returns>
    internal static Tensor Fit(Tensor target, Tensor moment, Tensor mask, Tensor start)
    {
        using var scope = NewDisposeScope();
        Tensor places = mask.to(ScalarType.Float32);
        Tensor values = start * places;
        Tensor difference = target - values;
        Tensor gradient = difference.matmul(moment);
        double error = Total(difference * gradient);
        Tensor residual = gradient * places;
        Tensor direction = residual.clone();
        Tensor size = RowSums(residual * residual);
        for (int i = 0; i < MostIterations; i++)
        {
            using var inner = NewDisposeScope();
            Tensor image = direction.matmul(moment).mul_(places);
            Tensor step = size / RowSums(direction * image).clamp(min: Smallest);
            double gain = Total(step * size);
            error -= gain;
            values.add_(direction * step);
            residual.sub_(image.mul_(step));
            if (!(gain > Tolerance * error))
            {
                break;
            }

            Tensor next = RowSums(residual * residual);
            direction.mul_(next / size.clamp(min: Smallest)).add_(residual);
            size.copy_(next);
        }

        return values.MoveToOuterDisposeScope();
    }

    private static Tensor RowSums(Tensor products) => products.sum(1, keepdim: true);

    private static double Total(Tensor terms) => terms.sum(type: ScalarType.Float64).item<double>();
}
