using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Library;

/// <summary>
/// The filters that apply another filter or a test to every item; they do so when the items are asked for.
/// </summary>
internal static class SelectionFilters
{
    /// <summary>The filters by their names.</summary>
    public static IReadOnlyDictionary<string, TemplateFilter> All { get; } = new Dictionary<string, TemplateFilter>
    {
        ["map"] = new((value, call) => new TemplateIterator(Map(value, call)), null),
        ["select"] = new((value, call) => new TemplateIterator(Select(value, call, false, wanted: true)), null),
        ["reject"] = new((value, call) => new TemplateIterator(Select(value, call, false, wanted: false)), null),
        ["selectattr"] = new((value, call) => new TemplateIterator(Select(value, call, true, wanted: true)), null),
        ["rejectattr"] = new((value, call) => new TemplateIterator(Select(value, call, true, wanted: false)), null),
    };

    private static IEnumerable<object?> Map(object? value, TemplateArguments call)
    {
        if (!PythonTruth.IsTrue(value))
        {
            yield break;
        }

        var change = call.Values.Count == 0 && call.Named.ContainsKey("attribute") ? ByAttribute(call) : ByFilter(call);
        foreach (var item in PythonIteration.Over(value, call.Run))
        {
            yield return change(item);
        }
    }

    private static Func<object?, object?> ByAttribute(TemplateArguments call)
    {
        call.Check("map", ["attribute", "default"]);
        var path = AttributePath.From(call.Named["attribute"]);
        var absent = call.Named.GetValueOrDefault("default");
        return item => path.Of(item, call.Run, absent);
    }

    private static Func<object?, object?> ByFilter(TemplateArguments call)
    {
        if (call.Values.Count == 0)
        {
            throw new TemplateException("map takes a filter or an attribute");
        }

        string name = PythonText.Of(call.Values[0], call.Run);
        var filter = FilterCatalog.Find(name) ?? throw new TemplateException($"the filter '{name}' is not known");
        var rest = call.Skip(1);
        return item => filter.Apply(name, item, rest);
    }

    private static IEnumerable<object?> Select(object? value, TemplateArguments call, bool ofAttribute, bool wanted)
    {
        if (!PythonTruth.IsTrue(value))
        {
            yield break;
        }

        int place = ofAttribute ? 1 : 0;
        if (call.Values.Count < place)
        {
            throw new TemplateException("the attribute is missing");
        }

        var path = ofAttribute ? AttributePath.From(call.Values[0]) : AttributePath.From(null);
        var test = Test(call, place);
        foreach (var item in PythonIteration.Over(value, call.Run))
        {
            if (test(path.Of(item, call.Run)) == wanted)
            {
                yield return item;
            }
        }
    }

    private static Func<object?, bool> Test(TemplateArguments call, int place)
    {
        if (call.Values.Count <= place)
        {
            return PythonTruth.IsTrue;
        }

        string name = PythonText.Of(call.Values[place], call.Run);
        var test = TestCatalog.Find(name) ?? throw new TemplateException($"the test '{name}' is not known");
        var rest = call.Skip(place + 1);
        return item => test(item, rest);
    }
}
