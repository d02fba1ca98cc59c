namespace Hypercompress.Models.Templates.Values;

/// <summary>Items that are made one by one and can be taken only once, like a Python generator.</summary>
/// <param name="source">The items.</param>
internal sealed class TemplateIterator(IEnumerable<object?> source)
{
    private readonly IEnumerator<object?> _items = source.GetEnumerator();

    /// <summary>The items that nobody has taken yet.</summary>
    public IEnumerable<object?> Rest()
    {
        while (_items.MoveNext())
        {
            yield return _items.Current;
        }
    }
}
