using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Inference.Numerics;

/// <summary>Element-wise arithmetic on float32 vectors of any length.</summary>
internal static unsafe class VectorMath
{
    private static int Width => Vector256<float>.Count;

    /// <summary>target += x.</summary>
    public static void Add(float* target, float* x, int count)
    {
        int i = 0;
        for (; i + Width <= count; i += Width)
        {
            (Vector256.Load(target + i) + Vector256.Load(x + i)).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] += x[i];
        }
    }

    /// <summary>target *= factor.</summary>
    public static void Scale(float* target, float factor, int count)
    {
        int i = 0;
        for (; i + Width <= count; i += Width)
        {
            (Vector256.Load(target + i) * Vector256.Create(factor)).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] *= factor;
        }
    }

    /// <summary>target = x · factor · weight, element by element.</summary>
    public static void Scale(float* target, float* x, float factor, float* weight, int count)
    {
        int i = 0;
        for (; i + Width <= count; i += Width)
        {
            (Vector256.Load(x + i) * Vector256.Create(factor) * Vector256.Load(weight + i)).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] = x[i] * factor * weight[i];
        }
    }

    /// <summary>Sum of squares.</summary>
    public static float SquareSum(float* x, int count)
    {
        Vector256<float> sum = Vector256<float>.Zero;
        int i = 0;
        for (; i + Width <= count; i += Width)
        {
            sum = Vector256.FusedMultiplyAdd(Vector256.Load(x + i), Vector256.Load(x + i), sum);
        }

        float rest = 0;
        for (; i < count; i++)
        {
            rest += x[i] * x[i];
        }

        return Vector256.Sum(sum) + rest;
    }

    /// <summary>Softmax in place.</summary>
    /// <param name="x">Finite numbers, or negative infinity.</param>
    /// <param name="count">At least 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Softmax(float* x, int count)
    {
        float most = Most(x, count);
        Vector256<float> sums = Vector256<float>.Zero;
        int i = 0;
        for (; i + Width <= count; i += Width)
        {
            Vector256<float> power = Vector256.Exp(Vector256.Load(x + i) - Vector256.Create(most));
            power.Store(x + i);
            sums += power;
        }

        float sum = Vector256.Sum(sums);
        for (; i < count; i++)
        {
            x[i] = MathF.Exp(x[i] - most);
            sum += x[i];
        }

        Scale(x, 1 / sum, count);
    }

    private static float Most(float* x, int count)
    {
        Vector256<float> wide = Vector256.Create(float.NegativeInfinity);
        int i = 0;
        for (; i + Width <= count; i += Width)
        {
            wide = Vector256.Max(wide, Vector256.Load(x + i));
        }

        float most = float.NegativeInfinity;
        for (int lane = 0; lane < Width; lane++)
        {
            most = MathF.Max(most, wide.GetElement(lane));
        }

        for (; i < count; i++)
        {
            most = MathF.Max(most, x[i]);
        }

        return most;
    }

    /// <summary>x = cap · tanh(x / cap) in place.</summary>
    public static void SoftCap(float* x, float cap, int count)
    {
        for (int i = 0; i < count; i++)
        {
            x[i] = cap * MathF.Tanh(x[i] / cap);
        }
    }
}
