namespace Hypercompress.Models.Templates.Values;

/// <summary>Python's slices of lists and strings.</summary>
internal static class TemplateSlices
{
    public static object? Slice(object? target, object? from, object? to, object? step)
    {
        long stride = Bound(step) ?? 1;
        if (stride == 0)
        {
            throw new TemplateException("the step of a slice is 0");
        }

        return target switch
        {
            string text => string.Concat(Places(text.Length, Bound(from), Bound(to), stride).Select(at => text[at])),
            List<object?> list => Places(list.Count, Bound(from), Bound(to), stride).Select(at => list[at]).ToList(),
            _ => throw new TemplateException($"{TemplateValues.Repr(target)} cannot be sliced"),
        };
    }

    private static long? Bound(object? value) => value switch
    {
        null => null,
        long number => number,
        _ => throw new TemplateException(
            $"a slice goes from whole number to whole number, not {TemplateValues.Repr(value)}"),
    };

    private static IEnumerable<int> Places(int count, long? from, long? to, long step)
    {
        long lowest = step > 0 ? 0 : -1;
        long highest = step > 0 ? count : count - 1;
        long start = Clamp(from, step > 0 ? 0 : count - 1);
        long end = Clamp(to, step > 0 ? count : -1);
        for (long at = start; step > 0 ? at < end : at > end; at += step)
        {
            yield return (int)at;
        }

        long Clamp(long? bound, long absent) =>
            bound is { } value ? Math.Clamp(value < 0 ? value + count : value, lowest, highest) : absent;
    }
}
