using Hypercompress.Models.Templates.Members;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Library;

/// <summary>The filters that compare items: sorting, grouping, the least and the greatest.</summary>
internal static class SortFilters
{
    /// <summary>The filters by their names.</summary>
    public static IReadOnlyDictionary<string, TemplateFilter> All { get; } = new Dictionary<string, TemplateFilter>
    {
        ["sort"] = new(Sort, "reverse", "case_sensitive", "attribute"),
        ["dictsort"] = new(SortMap, "case_sensitive", "by", "reverse"),
        ["unique"] = new((value, call) => new TemplateIterator(Unique(value, call)), "case_sensitive", "attribute"),
        ["min"] = new((value, call) => Extreme(value, call, greatest: false), "case_sensitive", "attribute"),
        ["max"] = new((value, call) => Extreme(value, call, greatest: true), "case_sensitive", "attribute"),
        ["groupby"] = new(Group, "attribute", "default", "case_sensitive"),
        ["sum"] = new(Sum, "attribute", "start"),
    };

    private static object? FoldCase(object? value, TemplateArguments call, bool sensitive) =>
        !sensitive && PythonTypes.TextOf(value) is { } text ? call.Run.Made(TextCases.Lower(text)) : value;

    private static object? Sort(object? value, TemplateArguments call)
    {
        bool sensitive = PythonTruth.IsTrue(call.Get(1, "case_sensitive"));
        var paths = AttributePath.Several(call.Get(2, "attribute"));
        var items = PythonIteration.ToList(value, call.Run);
        return new TemplateList(PythonSort.Sorted(items, Key, PythonTruth.IsTrue(call.Get(0, "reverse")), call.Run));

        object? Key(object? item) => new TemplateList(
            [.. paths.Select(path => FoldCase(path.Of(item, call.Run), call, sensitive))]);
    }

    private static object? SortMap(object? value, TemplateArguments call)
    {
        bool sensitive = PythonTruth.IsTrue(call.Get(0, "case_sensitive"));
        int place = call.Text(1, "by") switch
        {
            null or "key" => 0,
            "value" => 1,
            _ => throw new TemplateException("dictsort sorts by 'key' or by 'value'"),
        };
        PythonTypes.RequireDefined(value);
        var pairs = value is TemplateMap map
            ? MapMethods.Pairs(map, call.Run).Items
            : throw new TemplateException($"dictsort takes a dict, not a value of type {PythonTypes.NameOf(value)}");
        return new TemplateList(PythonSort.Sorted(
            pairs,
            pair => FoldCase(((TemplateTuple)pair!).Items[place], call, sensitive),
            PythonTruth.IsTrue(call.Get(2, "reverse")),
            call.Run));
    }

    private static IEnumerable<object?> Unique(object? value, TemplateArguments call)
    {
        bool sensitive = PythonTruth.IsTrue(call.Get(0, "case_sensitive"));
        var path = AttributePath.From(call.Get(1, "attribute"));
        var seen = new TemplateMap(new PythonEquality(call.Run));
        foreach (var item in PythonIteration.Over(value, call.Run))
        {
            var key = FoldCase(path.Of(item, call.Run), call, sensitive);
            if (!seen.TryGet(key, out _))
            {
                call.Run.ReserveItems(1);
                seen.Set(key, null);
                yield return item;
            }
        }
    }

    private static object? Extreme(object? value, TemplateArguments call, bool greatest)
    {
        bool sensitive = PythonTruth.IsTrue(call.Get(0, "case_sensitive"));
        var path = AttributePath.From(call.Get(1, "attribute"));
        bool any = false;
        object? best = null;
        object? bestKey = null;
        foreach (var item in PythonIteration.Over(value, call.Run))
        {
            var key = FoldCase(path.Of(item, call.Run), call, sensitive);
            int? order = any ? PythonOrder.Order(key, bestKey, call.Run) : null;
            if (!any || (greatest ? order > 0 : order < 0))
            {
                (best, bestKey) = (item, key);
            }

            any = true;
        }

        return any ? best : call.Run.Missing("the list is empty, its least and greatest item are not there");
    }

    private static object? Group(object? value, TemplateArguments call)
    {
        bool sensitive = PythonTruth.IsTrue(call.Get(2, "case_sensitive"));
        var path = AttributePath.From(call.Required(0, "attribute"));
        var absent = call.Get(1, "default");
        var groups = new List<object?>();
        List<object?> members = [];
        object? current = null;
        foreach (var item in PythonSort.Sorted(PythonIteration.ToList(value, call.Run), Key, reverse: false, call.Run))
        {
            var key = Key(item);
            if (members.Count == 0 || !PythonEquality.AreEqual(key, current, call.Run))
            {
                members = [];
                current = key;
                groups.Add(new TemplateTuple(path.Of(item, call.Run, absent), new TemplateList(members))
                {
                    Names = ["grouper", "list"],
                });
            }

            members.Add(item);
        }

        return new TemplateList(groups);

        object? Key(object? item) => FoldCase(path.Of(item, call.Run, absent), call, sensitive);
    }

    private static object? Sum(object? value, TemplateArguments call)
    {
        var path = AttributePath.From(call.Get(0, "attribute"));
        object? sum = call.Get(1, "start", 0L);
        if (PythonTypes.TextOf(sum) is not null)
        {
            throw new TemplateException("sum does not add texts, join does");
        }

        foreach (var item in PythonIteration.Over(value, call.Run))
        {
            sum = PythonArithmetic.Apply("+", sum, path.Of(item, call.Run), call.Run);
        }

        return sum;
    }
}
