namespace Hypercompress.Models.Templates.Values;

/// <summary>The variables of a block; names that it lacks are looked for outside.</summary>
/// <param name="parent">The block outside, or null.</param>
/// <param name="strict">Whether using a name that nobody has is an error; asked of the outermost block.</param>
internal sealed class TemplateScope(TemplateScope? parent = null, bool strict = false)
{
    // Deep enough for any real template, and far from the end of the stack.
    private const int MaxDepth = 100;

    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);
    private readonly int _depth = parent is null ? 0 : parent._depth + 1;

    public TemplateScope Inner() => _depth < MaxDepth
        ? new TemplateScope(this)
        : throw new TemplateException($"blocks and macros are nested more than {MaxDepth} deep");

    public object? Get(string name) => _values.TryGetValue(name, out var value) ? value
        : parent is not null ? parent.Get(name)
        : strict ? Undefined.Strict(name)
        : Undefined.Value;

    public void Set(string name, object? value) => _values[name] = value;
}
