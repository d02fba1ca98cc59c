using System.Numerics;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Python;

/// <summary>Python's indices and slices of lists and texts.</summary>
internal static class PythonSlices
{
    /// <summary>The item at an index, which counts from the end when it is negative; false beyond the ends.</summary>
    public static bool TryItem(object? target, object? index, out object? item)
    {
        item = null;
        if (!PythonTypes.IsInteger(index))
        {
            return false;
        }

        var at = PythonTypes.ToBig(index);
        if (target is TemplateSequence { Items: var items })
        {
            bool inside = Inside(at, items.Count, out int place);
            item = inside ? items[place] : null;
            return inside;
        }

        if (PythonTypes.TextOf(target) is not { } text || !Inside(at, CodePoints.Count(text), out int point))
        {
            return false;
        }

        item = CodePoints.Part(text, point, point + 1);
        return true;
    }

    /// <summary>A slice; null where the value has none.</summary>
    /// <exception cref="TemplateException">A bound is not a whole number, or the step is 0.</exception>
    public static object? Slice(object? target, SliceBounds bounds, TemplateRun run)
    {
        if (PythonTypes.TextOf(target) is { } text)
        {
            run.Reserve(text.Length);
            string part = Part(text, bounds);
            return target is TemplateMarkup ? new TemplateMarkup(part) : part;
        }

        if (target is not TemplateSequence { Items: var items })
        {
            return null;
        }

        var (start, step, count) = bounds.Resolve(items.Count);
        if (target is TemplateRange range)
        {
            long first = range.Start + (start * range.Distance);
            long distance = range.Distance * step;
            return new TemplateRange(first, first + (count * distance), distance, count);
        }

        run.ReserveItems(count);
        var chosen = Enumerable.Range(0, count).Select(i => items[(int)(start + (i * step))]).ToList();
        return target is TemplateTuple ? new TemplateTuple(chosen) : new TemplateList(chosen);
    }

    private static string Part(string text, SliceBounds bounds)
    {
        int length = CodePoints.Count(text);
        var (start, step, count) = bounds.Resolve(length);
        if (step == 1)
        {
            return CodePoints.Part(text, (int)start, (int)start + count);
        }

        var points = CodePoints.Split(text).ToList();
        return string.Concat(Enumerable.Range(0, count).Select(i => points[(int)(start + (i * step))]));
    }

    private static bool Inside(BigInteger at, int count, out int place)
    {
        BigInteger index = at.Sign < 0 ? at + count : at;
        bool inside = index >= 0 && index < count;
        place = inside ? (int)index : 0;
        return inside;
    }
}
