using System.Numerics;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Python;

/// <summary>Arithmetic of whole numbers: exact, of any size up to a bound.</summary>
internal static class WholeNumbers
{
    private const long MaxBits = 16_384;

    /// <summary>Applies an operator to two whole numbers.</summary>
    /// <exception cref="TemplateException">A division by zero, or a result beyond 16,384 bits.</exception>
    public static object Apply(string sign, object left, object right, TemplateRun run)
    {
        run.Step();
        var (a, b) = (PythonTypes.ToBig(left), PythonTypes.ToBig(right));
        if (b.IsZero && sign is ("/" or "//" or "%"))
        {
            throw new TemplateException("division by zero");
        }

        return sign switch
        {
            "+" => Bounded(a + b),
            "-" => Bounded(a - b),
            "*" => Bounded(a * b),
            "**" => Power(a, b),
            _ => Divide(sign, a, b),
        };
    }

    /// <summary>The result in its usual form.</summary>
    /// <exception cref="TemplateException">It has more than 16,384 bits.</exception>
    public static object Bounded(BigInteger number) => number.GetBitLength() <= MaxBits
        ? PythonTypes.Normal(number)
        : throw TooLarge();

    private static object Divide(string sign, BigInteger a, BigInteger b)
    {
        if (sign == "/")
        {
            return PythonTypes.ToReal(a) / PythonTypes.ToReal(b);
        }

        // Python rounds down where .NET rounds to zero.
        var quotient = BigInteger.DivRem(a, b, out var rest);
        bool down = !rest.IsZero && rest.Sign != b.Sign;
        return PythonTypes.Normal(sign == "//" ? (down ? quotient - 1 : quotient) : (down ? rest + b : rest));
    }

    private static object Power(BigInteger a, BigInteger b)
    {
        if (b.Sign < 0)
        {
            return a.IsZero
                ? throw new TemplateException("zero has no negative power")
                : Math.Pow(PythonTypes.ToReal(a), PythonTypes.ToReal(b));
        }

        if (BigInteger.Abs(a) <= 1)
        {
            return PythonTypes.Normal(a.IsZero && b.IsZero ? 1 : a.Sign < 0 && b.IsEven ? 1 : b.IsZero ? 1 : a);
        }

        return b <= MaxBits && a.GetBitLength() * (long)b <= MaxBits * 2
            ? Bounded(BigInteger.Pow(a, (int)b))
            : throw TooLarge();
    }

    private static TemplateException TooLarge() => new($"a whole number of more than {MaxBits} bits is too large");
}
