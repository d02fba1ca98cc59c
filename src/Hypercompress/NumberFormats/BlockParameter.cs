using Hypercompress.Models.Errors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats;

/// <summary>Life of the parameters that a block of values owns: no dispose scope ever holds one.</summary>
internal static class BlockParameter
{
    private const double LargestFloat16 = 65504;
    private const double LargestBFloat16 = 3.3895313892515355e38;

    /// <summary>The largest magnitude of a floating-point type.</summary>
    internal static double Largest(ScalarType type) => type switch
    {
        ScalarType.Float16 => LargestFloat16,
        ScalarType.BFloat16 => LargestBFloat16,
        _ => float.MaxValue,
    };

    /// <summary>A float32 copy that does not train yet.</summary>
    internal static Parameter Create(Tensor values)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var copy = values.detach().to(ScalarType.Float32, copy: true).contiguous();
        var parameter = new Parameter(copy, requires_grad: false);
        parameter.DetachFromDisposeScope();
        return parameter;
    }

    /// <summary>The same parameter on another device; the old one is disposed.</summary>
    internal static Parameter Move(Parameter parameter, Device device)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var moved = new Parameter(parameter.to(device, copy: true), parameter.requires_grad);
        moved.DetachFromDisposeScope();
        parameter.Dispose();
        return moved;
    }

    /// <summary>Rounds a parameter through a narrower type, in place.</summary>
    /// <exception cref="NumericalException">It holds NaN, infinity, or more than the type can hold.</exception>
    internal static void Round(Parameter parameter, ScalarType type, string what)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        RequireWithin(parameter, Largest(type), what);
        if (type != ScalarType.Float32)
        {
            parameter.copy_(parameter.to(type).to(ScalarType.Float32));
        }
    }

    /// <summary>Multiplies a parameter in place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is NaN or infinite.</exception>
    internal static void Multiply(Parameter parameter, double factor)
    {
        if (!double.IsFinite(factor))
        {
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "must be finite");
        }

        using var noGrad = no_grad();
        parameter.mul_(factor);
    }

    /// <summary>Refuses NaN, infinity and magnitudes above a limit.</summary>
    /// <exception cref="NumericalException">The tensor holds such a number.</exception>
    internal static void RequireWithin(Tensor values, double limit, string what)
    {
        if (values.numel() == 0)
        {
            return;
        }

        using var noGrad = no_grad();
        using var smallest = values.min();
        using var largest = values.max();
        (double low, double high) = (smallest.ToDouble(), largest.ToDouble());

        // Written so that NaN, which min and max pass on, fails the comparison.
        if (!(low >= -limit && high <= limit))
        {
            throw new NumericalException(
                $"{what} must lie within ±{limit:G6}, found values from {low:G6} to {high:G6}; "
                + "choose a wider number format, or look for NaN or infinity in the weights or the training");
        }
    }
}
