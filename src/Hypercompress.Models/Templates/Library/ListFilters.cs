using Hypercompress.Models.Templates.Members;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Library;

/// <summary>The filters of lists and dicts that keep the order.</summary>
internal static class ListFilters
{
    /// <summary>The filters by their names.</summary>
    public static IReadOnlyDictionary<string, TemplateFilter> All { get; } = new Dictionary<string, TemplateFilter>
    {
        ["length"] = new((value, _) => PythonIteration.RequiredCount(value), []),
        ["count"] = new((value, _) => PythonIteration.RequiredCount(value), []),
        ["default"] = new(Default, "default_value", "boolean"),
        ["d"] = new(Default, "default_value", "boolean"),
        ["first"] = new((value, call) => First(PythonIteration.Over(value, call.Run), call.Run), []),
        ["last"] = new(Last, []),
        ["list"] = new((value, call) => new TemplateList(PythonIteration.ToList(value, call.Run)), []),
        ["items"] = new(Items, []),
        ["join"] = new(Join, "d", "attribute"),
        ["reverse"] = new(Reverse, []),
        ["batch"] = new(Batch, "linecount", "fill_with"),
        ["slice"] = new(Slice, "slices", "fill_with"),
        ["attr"] = new(Attribute, "name"),
        ["random"] = new((_, _) => throw new TemplateException(
            "the filter 'random' is not supported: the same conversation has to give the same prompt"), []),
    };

    private static object? Default(object? value, TemplateArguments call)
    {
        bool replaced = value is Undefined
            || (PythonTruth.IsTrue(call.Get(1, "boolean")) && !PythonTruth.IsTrue(value));
        return replaced ? call.Get(0, "default_value", "") : value;
    }

    private static object? First(IEnumerable<object?> items, TemplateRun run)
    {
        foreach (var item in items)
        {
            return item;
        }

        return run.Missing("the list is empty, its first and last item are not there");
    }

    private static object? Last(object? value, TemplateArguments call) => value is TemplateIterator
        ? throw new TemplateException("the last of items that are made one by one is not known; use 'list' first")
        : First(PythonIteration.Over(Reversed(value, call.Run), call.Run), call.Run);

    private static object? Items(object? value, TemplateArguments call) => value switch
    {
        TemplateMap map => new TemplateIterator(MapMethods.Pairs(map, call.Run).Items),
        Undefined missing => Empty(missing),
        _ => throw new TemplateException($"items takes a dict, not a value of type {PythonTypes.NameOf(value)}"),
    };

    private static TemplateIterator Empty(Undefined missing)
    {
        missing.CountAsEmpty();
        return new TemplateIterator([]);
    }

    private static object? Join(object? value, TemplateArguments call)
    {
        string separator = PythonText.Of(call.Get(0, "d", ""), call.Run);
        var path = AttributePath.From(call.Get(1, "attribute"));
        var parts = new List<string>();
        foreach (var item in PythonIteration.Over(value, call.Run))
        {
            string part = PythonText.Of(path.Of(item, call.Run), call.Run);
            call.Run.Reserve(part.Length + separator.Length);
            parts.Add(part);
        }

        return call.Run.Made(string.Join(separator, parts));
    }

    private static object? Reverse(object? value, TemplateArguments call) => PythonTypes.TextOf(value) is { } text
        ? call.Run.Made(string.Concat(CodePoints.Split(text).Reverse()))
        : Reversed(value, call.Run);

    private static object? Reversed(object? value, TemplateRun run) =>
        value is TemplateIterator or Undefined
            ? new TemplateList([.. PythonIteration.ToList(value, run).Reverse()])
            : new TemplateIterator(PythonIteration.ToList(value, run).Reverse());

    private static TemplateIterator Batch(object? value, TemplateArguments call) =>
        new(Batches(value, call.RequiredInteger(0, "linecount"), call.Get(1, "fill_with"), call.Run));

    private static IEnumerable<object?> Batches(object? value, long size, object? fill, TemplateRun run)
    {
        var batch = new List<object?>();
        foreach (var item in PythonIteration.Over(value, run))
        {
            if (batch.Count == size)
            {
                yield return new TemplateList(batch);
                batch = [];
            }

            run.ReserveItems(1);
            batch.Add(item);
        }

        if (batch.Count > 0)
        {
            yield return new TemplateList(Filled(batch, fill is null ? 0 : size - batch.Count, fill, run));
        }
    }

    private static List<object?> Filled(List<object?> items, long missing, object? fill, TemplateRun run)
    {
        if (missing > 0)
        {
            run.ReserveItems(missing);
            items.AddRange(Enumerable.Repeat(fill, (int)missing));
        }

        return items;
    }

    private static TemplateIterator Slice(object? value, TemplateArguments call) =>
        new(Slices(value, call.RequiredInteger(0, "slices"), call.Get(1, "fill_with"), call.Run));

    private static IEnumerable<object?> Slices(object? value, long count, object? fill, TemplateRun run)
    {
        var items = PythonIteration.ToList(value, run);
        if (count == 0)
        {
            throw new TemplateException("a list cannot be cut into 0 slices");
        }

        (long size, long longer) = (items.Count / count, items.Count % count);
        int at = 0;
        for (long i = 0; i < count; i++)
        {
            int length = (int)(size + (i < longer ? 1 : 0));
            run.ReserveItems(1 + length);
            var slice = items.Skip(at).Take(length).ToList();
            at += length;
            yield return new TemplateList(fill is not null && i >= longer ? [.. slice, fill] : slice);
        }
    }

    private static object? Attribute(object? value, TemplateArguments call)
    {
        string name = call.RequiredText(0, "name");
        return TemplateMembers.TryAttribute(value, name, call.Run, out var found)
            ? found
            : call.Run.Missing($"a value of type {PythonTypes.NameOf(value)} has no attribute '{name}'");
    }
}
