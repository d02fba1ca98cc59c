namespace Hypercompress.Models.Templates.Values;

/// <summary>Keys, values or pairs of a dict: can be counted and iterated, but not indexed.</summary>
/// <param name="Kind">Python's name of the type, such as <c>dict_keys</c>.</param>
/// <param name="Items">The items.</param>
internal sealed record TemplateView(string Kind, IReadOnlyList<object?> Items);
