using System.Numerics;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Members;

/// <summary>Python's methods and attributes of numbers.</summary>
internal static class NumberMembers
{
    /// <summary>The method or attribute of a number by its name, or null.</summary>
    public static object? Find(object? value, string name) => value switch
    {
        double real => OfReal(real, name),
        long or bool or BigInteger => OfWhole(PythonTypes.ToBig(value), name),
        _ => null,
    };

    private static object? OfReal(double real, string name) => name switch
    {
        "is_integer" => new TemplateFunction(name, _ => double.IsInteger(real)),
        "conjugate" => new TemplateFunction(name, _ => real),
        "real" => real,
        "imag" => 0.0,
        _ => null,
    };

    private static object? OfWhole(BigInteger whole, string name) => name switch
    {
        "bit_length" => new TemplateFunction(name, _ =>
            whole.IsZero ? 0L : BigInteger.Abs(whole).GetBitLength()),
        "bit_count" => new TemplateFunction(name, _ =>
            (long)WholeDigits.Of(BigInteger.Abs(whole), 'b').Count(digit => digit == '1')),
        "conjugate" => new TemplateFunction(name, _ => PythonTypes.Normal(whole)),
        "real" or "numerator" => PythonTypes.Normal(whole),
        "imag" => 0L,
        "denominator" => 1L,
        _ => null,
    };
}
