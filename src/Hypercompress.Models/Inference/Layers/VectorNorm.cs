using Hypercompress.Models.Architectures;
using Hypercompress.Models.Inference.Numerics;

namespace Hypercompress.Models.Inference.Layers;

/// <summary>Normalises vectors.</summary>
internal sealed unsafe class VectorNorm
{
    private readonly NormKind _kind;
    private readonly float[] _weight;
    private readonly float[]? _bias;
    private readonly float _epsilon;

    /// <summary>Copies the weights.</summary>
    /// <param name="kind">The kind of norm.</param>
    /// <param name="weight">A weight a number.</param>
    /// <param name="bias">What is added; null for nothing.</param>
    /// <param name="epsilon">What is added to the mean square or variance.</param>
    public VectorNorm(NormKind kind, float[] weight, float[]? bias, double epsilon)
    {
        (_kind, _bias, _epsilon) = (kind, bias, (float)epsilon);
        _weight = kind == NormKind.RmsPlusOne ? [.. weight.Select(number => 1 + number)] : weight;
    }

    /// <summary>Numbers of a vector.</summary>
    public int Width => _weight.Length;

    /// <summary>Normalises one vector.</summary>
    /// <param name="x">The vector.</param>
    /// <param name="target">Gets the result; may be the vector itself.</param>
    public void Apply(float* x, float* target)
    {
        fixed (float* weight = _weight, bias = _bias)
        {
            if (_kind == NormKind.Layer)
            {
                ApplyLayer(x, target, weight, bias);
                return;
            }

            float mean = VectorMath.SquareSum(x, Width) / Width;
            VectorMath.Scale(target, x, 1 / MathF.Sqrt(mean + _epsilon), weight, Width);
        }
    }

    /// <summary>
    /// Normalises a row in place: all of it where the norm is as wide, else one head after the other.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="width">Numbers of the row.</param>
    public void ApplyEach(float* row, int width)
    {
        for (int i = 0; i < width; i += Width)
        {
            Apply(row + i, row + i);
        }
    }

    private void ApplyLayer(float* x, float* target, float* weight, float* bias)
    {
        double sum = 0;
        for (int i = 0; i < Width; i++)
        {
            sum += x[i];
        }

        var mean = (float)(sum / Width);
        double squares = 0;
        for (int i = 0; i < Width; i++)
        {
            squares += (x[i] - mean) * (x[i] - mean);
        }

        float inverse = 1 / MathF.Sqrt((float)(squares / Width) + _epsilon);
        for (int i = 0; i < Width; i++)
        {
            target[i] = ((x[i] - mean) * inverse * weight[i]) + (bias is null ? 0 : bias[i]);
        }
    }
}
