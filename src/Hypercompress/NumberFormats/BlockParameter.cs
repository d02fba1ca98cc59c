using System.Globalization;
using Hypercompress.Models.Errors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats;

/// <summary>Creates, moves and rounds the parameters that a block of values owns; no dispose scope holds one.</summary>
public static class BlockParameter
{
    private const double LargestFloat16 = 65504;
    private const double LargestBFloat16 = 3.3895313892515355e38;

    /// <summary>The largest magnitude of a floating-point type.</summary>
    /// <param name="type">float16, bfloat16 or float32.</param>
    /// <returns>The magnitude.</returns>
    public static double Largest(ScalarType type) => type switch
    {
        ScalarType.Float16 => LargestFloat16,
        ScalarType.BFloat16 => LargestBFloat16,
        _ => float.MaxValue,
    };

    /// <summary>Copies numbers into a parameter that does not train yet.</summary>
    /// <param name="values">Floating point; stays the caller's.</param>
    /// <returns>float32, which the caller disposes.</returns>
    public static Parameter Create(Tensor values)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var copy = values.detach().to(ScalarType.Float32, copy: true).contiguous();
        var parameter = new Parameter(copy, requires_grad: false);
        parameter.DetachFromDisposeScope();
        return parameter;
    }

    /// <summary>Moves a parameter to a device.</summary>
    /// <param name="parameter">The parameter; disposed here.</param>
    /// <param name="device">The device.</param>
    /// <returns>A parameter on the device, which the caller disposes; it trains as the old one did.</returns>
    public static Parameter Move(Parameter parameter, Device device)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var moved = new Parameter(parameter.to(device, copy: true), parameter.requires_grad);
        moved.DetachFromDisposeScope();
        parameter.Dispose();
        return moved;
    }

    /// <summary>Rounds a parameter through a narrower type, in place.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="type">float16, bfloat16 or float32.</param>
    /// <param name="what">What the numbers are, in the plural, for the message.</param>
    /// <exception cref="NumericalException">It holds NaN, infinity, or more than the type can hold.</exception>
    public static void Round(Parameter parameter, ScalarType type, string what)
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
    /// <param name="parameter">The parameter.</param>
    /// <param name="factor">Any finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is NaN or infinite.</exception>
    public static void Multiply(Parameter parameter, double factor)
    {
        if (!double.IsFinite(factor))
        {
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "must be finite");
        }

        using var noGrad = no_grad();
        parameter.mul_(factor);
    }

    /// <summary>Refuses NaN, infinity and magnitudes above a limit.</summary>
    /// <param name="values">Floating point, any shape.</param>
    /// <param name="limit">The largest magnitude that is allowed.</param>
    /// <param name="what">What the numbers are, in the plural, for the message.</param>
    /// <exception cref="NumericalException">The tensor holds such a number.</exception>
    public static void RequireWithin(Tensor values, double limit, string what)
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
            throw new NumericalException(string.Create(
                CultureInfo.InvariantCulture,
                $"{what} must be within ±{limit:G6}, found values from {low:G6} to {high:G6}; "
                + $"choose a wider number format, or look for NaN or infinity in the weights or the training"));
        }
    }
}
