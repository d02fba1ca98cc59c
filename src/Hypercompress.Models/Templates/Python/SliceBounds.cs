using System.Numerics;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Python;

/// <summary>The three numbers of a slice; each may be None.</summary>
/// <param name="From">The first index.</param>
/// <param name="To">The bound, not included.</param>
/// <param name="Step">The distance; 1 where it is None.</param>
internal sealed record SliceBounds(object? From, object? To, object? Step)
{
    /// <summary>Applies the slice to a length.</summary>
    /// <returns>The first index, the distance, and how many items there are.</returns>
    /// <exception cref="TemplateException">A bound is not a whole number, or the step is 0.</exception>
    public (long Start, long Step, int Count) Resolve(int length)
    {
        long step = Number(Step) is { } given ? Clamp(given, long.MaxValue / 4) : 1;
        if (step == 0)
        {
            throw new TemplateException("the step of a slice is 0");
        }

        long lowest = step > 0 ? 0 : -1;
        long highest = step > 0 ? length : length - 1;
        long start = Bound(From, step > 0 ? 0 : length - 1, length, lowest, highest);
        long end = Bound(To, step > 0 ? length : -1, length, lowest, highest);
        long span = step > 0 ? end - start : start - end;
        long distance = Math.Abs(step);
        return (start, step, span <= 0 ? 0 : (int)(((span - 1) / distance) + 1));
    }

    private static long Bound(object? value, long absent, int length, long lowest, long highest)
    {
        if (Number(value) is not { } number)
        {
            return absent;
        }

        return Math.Clamp(Clamp(number.Sign < 0 ? number + length : number, int.MaxValue), lowest, highest);
    }

    private static long Clamp(BigInteger number, long bound) =>
        (long)BigInteger.Max(-bound, BigInteger.Min(bound, number));

    private static BigInteger? Number(object? value)
    {
        PythonTypes.RequireDefined(value);
        return value is null ? null
            : PythonTypes.IsInteger(value) ? PythonTypes.ToBig(value)
            : throw new TemplateException(
                $"the bounds of a slice are whole numbers, not a value of type {PythonTypes.NameOf(value)}");
    }
}
