using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Members;

/// <summary>Python's methods of dicts that change nothing.</summary>
internal static class MapMethods
{
    /// <summary>The method of a dict by its name, or null.</summary>
    public static TemplateFunction? Find(TemplateMap map, string name) => name switch
    {
        "get" => new TemplateFunction(name, call => Get(map, call)),
        "items" => new TemplateFunction(name, call => Pairs(map, call.Run)),
        "keys" => new TemplateFunction(name, call => View("dict_keys", map.Keys, map, call.Run)),
        "values" => new TemplateFunction(name, call => View("dict_values", map.Values, map, call.Run)),
        "copy" => new TemplateFunction(name, _ => map),
        "fromkeys" => new TemplateFunction(name, FromKeys),
        _ => null,
    };

    /// <summary>Keys and values as tuples.</summary>
    public static TemplateView Pairs(TemplateMap map, TemplateRun run) =>
        View("dict_items", map.Entries.Select(pair => (object?)new TemplateTuple(pair.Key, pair.Value)), map, run);

    private static TemplateView View(string kind, IEnumerable<object?> items, TemplateMap map, TemplateRun run)
    {
        run.ReserveItems(map.Count);
        return new TemplateView(kind, [.. items]);
    }

    private static object? Get(TemplateMap map, TemplateArguments call)
    {
        call.Check("get", ["key", "default"]);
        return map.TryGet(call.Required(0, "key"), out var value) ? value : call.Get(1, "default");
    }

    private static TemplateMap FromKeys(TemplateArguments call)
    {
        var map = new TemplateMap(new PythonEquality(call.Run));
        foreach (var key in PythonIteration.Over(call.Required(0, "iterable"), call.Run))
        {
            call.Run.ReserveItems(1);
            map.Set(key, call.Get(1, "value"));
        }

        return map;
    }
}
