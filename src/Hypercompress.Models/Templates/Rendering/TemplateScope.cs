using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Rendering;

/// <summary>The variables of a block; names that it lacks are looked for in the block around it.</summary>
internal sealed class TemplateScope
{
    private readonly TemplateScope? _parent;
    private Dictionary<string, object?>? _values;

    /// <summary>The outermost block of a rendering.</summary>
    /// <param name="run">The rendering.</param>
    public TemplateScope(TemplateRun run) => Run = run;

    private TemplateScope(TemplateScope parent) => (Run, _parent) = (parent.Run, parent);

    /// <summary>The rendering.</summary>
    public TemplateRun Run { get; }

    /// <summary>A block inside this one.</summary>
    public TemplateScope Inner() => new(this);

    /// <summary>The value of a name.</summary>
    /// <returns>The value, or <see cref="Undefined"/>.</returns>
    public object? Get(string name)
    {
        for (var scope = this; scope is not null; scope = scope._parent)
        {
            Run.Step();
            if (scope._values is not null && scope._values.TryGetValue(name, out var value))
            {
                return value;
            }
        }

        return Run.Missing($"there is no '{name}'");
    }

    /// <summary>Gives a name a value in this block.</summary>
    public void Set(string name, object? value) =>
        (_values ??= new Dictionary<string, object?>(StringComparer.Ordinal))[name] = value;
}
