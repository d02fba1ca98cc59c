namespace Hypercompress.Models.Templates.Values;

/// <summary>Items in order that can be counted and indexed: a list, a tuple or a range. Never changes.</summary>
/// <param name="items">The items.</param>
internal abstract class TemplateSequence(IReadOnlyList<object?> items)
{
    /// <summary>The items.</summary>
    public IReadOnlyList<object?> Items { get; } = items;
}
