using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Library;

/// <summary>Jinja's <c>cycler</c>: gives its values in turn.</summary>
internal sealed class TemplateCycler : TemplateObject
{
    private readonly IReadOnlyList<object?> _values;
    private int _place;

    /// <param name="values">The values, at least one.</param>
    /// <exception cref="TemplateException">There is none.</exception>
    public TemplateCycler(IReadOnlyList<object?> values) => _values = values.Count > 0
        ? values
        : throw new TemplateException("cycler takes at least one value");

    /// <inheritdoc/>
    public override string TypeName => "Cycler";

    /// <inheritdoc/>
    public override bool TryAttribute(string name, out object? value)
    {
        value = name switch
        {
            "current" => _values[_place],
            "next" => new TemplateFunction(name, _ => Next()),
            "reset" => new TemplateFunction(name, _ => Reset()),
            "pos" => (long)_place,
            "items" => new TemplateTuple(_values),
            _ => null,
        };
        return name is "current" or "next" or "reset" or "pos" or "items";
    }

    private object? Next()
    {
        var value = _values[_place];
        _place = (_place + 1) % _values.Count;
        return value;
    }

    private object? Reset()
    {
        _place = 0;
        return null;
    }
}
