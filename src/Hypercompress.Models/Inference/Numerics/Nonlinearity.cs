using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypercompress.Models.Architectures;

namespace Hypercompress.Models.Inference.Numerics;

/// <summary>The nonlinearities of feed-forward blocks.</summary>
internal static unsafe class Nonlinearity
{
    /// <summary>x = act(x) · factor, or act(x) where there is no factor.</summary>
    /// <param name="kind">The nonlinearity.</param>
    /// <param name="x">The numbers; changed.</param>
    /// <param name="factor">As many numbers, or null.</param>
    /// <param name="count">How many.</param>
    public static void Apply(Activation kind, float* x, float* factor, int count)
    {
        int done = kind == Activation.Silu ? Silu(x, factor, count) : 0;
        for (int i = done; i < count; i++)
        {
            x[i] = Of(kind, x[i]) * (factor is null ? 1 : factor[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Silu(float* x, float* factor, int count)
    {
        int i = 0;
        for (; i + Vector256<float>.Count <= count; i += Vector256<float>.Count)
        {
            Vector256<float> value = Vector256.Load(x + i);
            Vector256<float> result = value / (Vector256<float>.One + Vector256.Exp(-value));
            (factor is null ? result : result * Vector256.Load(factor + i)).Store(x + i);
        }

        return i;
    }

    private static float Of(Activation kind, float x) => kind switch
    {
        Activation.Silu => x / (1 + MathF.Exp(-x)),
        Activation.Gelu => 0.5f * x * (1 + Erf(x / MathF.Sqrt(2))),
        Activation.GeluTanh => 0.5f * x
            * (1 + MathF.Tanh(MathF.Sqrt(2 / MathF.PI) * (x + (0.044715f * x * x * x)))),
        Activation.QuickGelu => x / (1 + MathF.Exp(-1.702f * x)),
        Activation.SquaredRelu => MathF.Max(x, 0) * MathF.Max(x, 0),
        Activation.Tanh => MathF.Tanh(x),
        _ => MathF.Max(x, 0),
    };

    // Abramowitz and Stegun 7.1.26: at most 1.5e-7 off.
    private static float Erf(float x)
    {
        double t = 1 / (1 + (0.3275911 * Math.Abs((double)x)));
        double tail = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027
            + (t * 1.061405429))))))));
        double value = 1 - (tail * Math.Exp(-(double)x * x));
        return (float)(x < 0 ? -value : value);
    }
}
