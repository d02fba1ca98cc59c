namespace Hypercompress.Models.Templates.Values;

/// <summary>A Python tuple: printed in parentheses, and never equal to a list.</summary>
/// <param name="items">The items.</param>
internal sealed class TemplateTuple(params IReadOnlyList<object?> items) : TemplateSequence(items)
{
    /// <summary>The tuple without items.</summary>
    public static TemplateTuple Empty { get; } = new();

    /// <summary>Names of the items, for a tuple whose items have names; otherwise empty.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
}
