using System.Text;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>A <c>for</c> statement.</summary>
internal sealed class TemplateLoop(
    IReadOnlyList<string> names,
    TemplateEvaluate source,
    TemplateEvaluate? condition,
    TemplateRender body,
    TemplateRender? otherwise)
{
    /// <summary>Sets one variable, several from a list, or a member of a namespace.</summary>
    public static void Assign(TemplateScope scope, IReadOnlyList<string> names, string? member, object? value)
    {
        if (member is not null)
        {
            var target = scope.Get(names[0]) as TemplateMap;
            if (target is not { IsNamespace: true })
            {
                throw new TemplateException($"'{names[0]}' is not a namespace, its '{member}' cannot be set");
            }

            target[member] = value;
        }
        else if (names.Count == 1)
        {
            scope.Set(names[0], value);
        }
        else
        {
            AssignAll(scope, names, TemplateValues.Items(value));
        }
    }

    public TemplateFlow Render(TemplateScope scope, StringBuilder output)
    {
        var items = Wanted(scope);
        for (int i = 0; i < items.Count; i++)
        {
            var inner = scope.Inner();
            inner.Set("loop", State(items, i));
            Assign(inner, names, null, items[i]);
            if (body(inner, output) == TemplateFlow.Break)
            {
                break;
            }
        }

        return items.Count == 0 && otherwise is not null ? otherwise(scope, output) : TemplateFlow.Normal;
    }

    private static void AssignAll(TemplateScope scope, IReadOnlyList<string> names, IReadOnlyList<object?> values)
    {
        if (values.Count != names.Count)
        {
            throw new TemplateException($"{values.Count} values cannot be set to {names.Count} names");
        }

        for (int i = 0; i < names.Count; i++)
        {
            scope.Set(names[i], values[i]);
        }
    }

    private static TemplateMap State(IReadOnlyList<object?> items, int place) => new()
    {
        ["index"] = place + 1L,
        ["index0"] = (long)place,
        ["revindex"] = (long)items.Count - place,
        ["revindex0"] = (long)items.Count - place - 1,
        ["first"] = place == 0,
        ["last"] = place == items.Count - 1,
        ["length"] = (long)items.Count,
        ["previtem"] = place > 0 ? items[place - 1] : Undefined.Value,
        ["nextitem"] = place + 1 < items.Count ? items[place + 1] : Undefined.Value,
        ["cycle"] = (TemplateCallable)(call => call.Values.Count == 0
            ? throw new TemplateException("cycle needs values")
            : call.Values[place % call.Values.Count]),
    };

    private IReadOnlyList<object?> Wanted(TemplateScope scope)
    {
        var items = TemplateValues.Items(source(scope));
        if (condition is null)
        {
            return items;
        }

        var wanted = new List<object?>();
        foreach (var item in items)
        {
            var inner = scope.Inner();
            Assign(inner, names, null, item);
            if (TemplateValues.IsTrue(condition(inner)))
            {
                wanted.Add(item);
            }
        }

        return wanted;
    }
}
