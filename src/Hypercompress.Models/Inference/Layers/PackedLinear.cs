using Hypercompress.Models.Inference.Numerics;
using Hypercompress.Models.Kernels.Matrices;

namespace Hypercompress.Models.Inference.Layers;

/// <summary>A matrix with the bias that may follow it.</summary>
/// <param name="Matrix">The matrix.</param>
/// <param name="Bias">A number a row; null for none.</param>
internal sealed unsafe record PackedLinear(PackedMatrix Matrix, float[]? Bias)
{
    /// <summary>Adds the bias to a result.</summary>
    /// <param name="y">A number a row.</param>
    public void AddBias(float* y)
    {
        if (Bias is not null)
        {
            fixed (float* bias = Bias)
            {
                VectorMath.Add(y, bias, Bias.Length);
            }
        }
    }
}
