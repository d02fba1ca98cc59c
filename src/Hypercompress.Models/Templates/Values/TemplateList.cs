namespace Hypercompress.Models.Templates.Values;

/// <summary>A Python list; templates cannot change one.</summary>
/// <param name="items">The items.</param>
internal sealed class TemplateList(IReadOnlyList<object?> items) : TemplateSequence(items);
