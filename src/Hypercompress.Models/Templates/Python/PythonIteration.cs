using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Python;

/// <summary>Iterates and counts values.</summary>
internal static class PythonIteration
{
    /// <summary>The items of a value, one by one; each costs a step.</summary>
    /// <exception cref="TemplateException">The value cannot be iterated.</exception>
    public static IEnumerable<object?> Over(object? value, TemplateRun run) => Counted(Source(value), run);

    /// <summary>The items of a value, all at once.</summary>
    /// <exception cref="TemplateException">The value cannot be iterated, or has too many items.</exception>
    public static IReadOnlyList<object?> ToList(object? value, TemplateRun run)
    {
        if (value is TemplateSequence { Items: var known })
        {
            run.Step();
            return known;
        }

        var items = new List<object?>();
        foreach (var item in Over(value, run))
        {
            run.ReserveItems(1);
            items.Add(item);
        }

        return items;
    }

    /// <summary>Python's <c>len</c>; null for a value that has none.</summary>
    public static long? Count(object? value)
    {
        if (value is Undefined missing)
        {
            missing.CountAsEmpty();
            return 0;
        }

        return value switch
        {
            TemplateSequence sequence => sequence.Items.Count,
            TemplateMap map => map.Count,
            TemplateView view => view.Items.Count,
            _ => PythonTypes.TextOf(value) is { } text ? CodePoints.Count(text) : null,
        };
    }

    /// <summary>Python's <c>len</c>.</summary>
    /// <exception cref="TemplateException">The value has none.</exception>
    public static long RequiredCount(object? value) => Count(value)
        ?? throw new TemplateException($"a value of type {PythonTypes.NameOf(value)} has no length");

    /// <summary>Whether a value can be iterated.</summary>
    public static bool CanIterate(object? value) =>
        value is TemplateSequence or TemplateMap or TemplateView or TemplateIterator or Undefined or string
            or TemplateMarkup;

    private static IEnumerable<object?> Source(object? value)
    {
        if (value is Undefined missing)
        {
            missing.CountAsEmpty();
            return [];
        }

        return value switch
        {
            TemplateSequence sequence => sequence.Items,
            TemplateMap map => map.Keys,
            TemplateView view => view.Items,
            TemplateIterator iterator => iterator.Rest(),
            _ => PythonTypes.TextOf(value) is { } text
                ? CodePoints.Split(text)
                : throw new TemplateException($"a value of type {PythonTypes.NameOf(value)} cannot be iterated"),
        };
    }

    private static IEnumerable<object?> Counted(IEnumerable<object?> source, TemplateRun run)
    {
        using var items = source.GetEnumerator();
        while (true)
        {
            // Before the item is made: iterators of iterators nest on the stack.
            run.Step();
            if (!items.MoveNext())
            {
                yield break;
            }

            yield return items.Current;
        }
    }
}
