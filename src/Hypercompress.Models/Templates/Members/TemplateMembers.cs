using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Members;

/// <summary>Attributes and items of values, in the order in which Jinja's sandbox looks for them.</summary>
internal static class TemplateMembers
{
    /// <summary><c>value.name</c>: a method or attribute first, then an item.</summary>
    /// <exception cref="TemplateException">The value itself is not there.</exception>
    public static object? Attribute(object? target, string name, TemplateRun run)
    {
        PythonTypes.RequireDefined(target);
        run.Step();
        return TryAttribute(target, name, run, out var value) ? value
            : target is TemplateMap map && map.TryGet(name, out var item) ? item
            : run.Missing($"a value of type {PythonTypes.NameOf(target)} has no attribute '{name}', it is not there");
    }

    /// <summary><c>value[key]</c>: an item first, then a method or attribute.</summary>
    /// <exception cref="TemplateException">The value itself is not there.</exception>
    public static object? Item(object? target, object? key, TemplateRun run)
    {
        PythonTypes.RequireDefined(target);
        run.Step();
        if (target is TemplateMap map ? TryKey(map, key, out var item) : PythonSlices.TryItem(target, key, out item))
        {
            return item;
        }

        return PythonTypes.TextOf(key) is { } name && TryAttribute(target, name, run, out var value)
            ? value
            : run.Missing($"a value of type {PythonTypes.NameOf(target)} has no element "
                + $"{PythonText.Repr(key, run)}, it is not there");
    }

    /// <summary>Looks for a method or attribute, without items.</summary>
    public static bool TryAttribute(object? target, string name, TemplateRun run, out object? value)
    {
        if (target is TemplateObject other)
        {
            return other.TryAttribute(name, out value);
        }

        if (IsUnsafe(target, name))
        {
            string type = PythonTypes.NameOf(target);
            value = run.Missing($"the attribute '{name}' of a value of type {type} may not be used by templates");
            return true;
        }

        value = target switch
        {
            string text => TextMethods.Find(text, name),
            TemplateMarkup markup => MarkupMethods.Find(markup, name),
            TemplateMap map => MapMethods.Find(map, name),
            TemplateSequence sequence => SequenceMethods.Find(sequence, name),
            _ => NumberMembers.Find(target, name),
        };
        return value is not null;
    }

    private static bool TryKey(TemplateMap map, object? key, out object? item)
    {
        // A list cannot be a key; Jinja takes that for an item that is not there.
        item = null;
        return key is not (TemplateList or TemplateMap or SliceBounds) && map.TryGet(key, out item);
    }

    // What would change a list or a dict, and Python's own attributes.
    private static bool IsUnsafe(object? target, string name) => target switch
    {
        TemplateList => name is "append" or "reverse" or "insert" or "sort" or "extend" or "remove" or "pop" or "clear",
        TemplateMap => name is "clear" or "pop" or "popitem" or "setdefault" or "update",
        _ => false,
    } || name is "__class__" or "__init__" or "__doc__" or "__len__" or "__getitem__" or "__iter__" or "__dict__"
        or "__str__" or "__repr__" or "__eq__" or "__add__" or "__mul__" or "__format__" or "__hash__";
}
