namespace Hypercompress.Models.Templates.Values;

/// <summary>The arguments of a call, positional and named.</summary>
internal sealed record TemplateArguments(IReadOnlyList<object?> Values, IReadOnlyDictionary<string, object?> Named)
{
    /// <summary>The argument at a place or of a name; <see cref="Undefined"/> where it is not given.</summary>
    public object? Get(int place, string name) => place < Values.Count ? Values[place]
        : Named.TryGetValue(name, out var value) ? value
        : Undefined.Value;

    public object? Required(int place, string name) => Get(place, name) is var value and not Undefined
        ? value
        : throw new TemplateException($"the argument '{name}' is missing");

    public string? Text(int place, string name) => Get(place, name) switch
    {
        string text => text,
        null or Undefined => null,
        var other => throw Wrong(name, other, "a string"),
    };

    public long? Integer(int place, string name) => Get(place, name) switch
    {
        long number => number,
        bool flag => flag ? 1 : 0,
        null or Undefined => null,
        var other => throw Wrong(name, other, "a number"),
    };

    private static TemplateException Wrong(string name, object value, string wanted) =>
        new($"the argument '{name}' is {TemplateValues.Repr(value)}, not {wanted}");
}
