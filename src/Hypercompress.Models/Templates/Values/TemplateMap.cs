namespace Hypercompress.Models.Templates.Values;

/// <summary>A Python dict: keeps the order in which keys were added. It is filled once and never changed.</summary>
/// <param name="keys">Python's equality of keys.</param>
internal sealed class TemplateMap(IEqualityComparer<object> keys)
{
    private static readonly object NoneKey = new();

    private readonly OrderedDictionary<object, object?> _entries = new(keys);

    /// <summary>How many keys there are.</summary>
    public int Count => _entries.Count;

    /// <summary>The keys in order.</summary>
    public IEnumerable<object?> Keys => _entries.Keys.Select(Shown);

    /// <summary>The values in order of their keys.</summary>
    public IEnumerable<object?> Values => _entries.Values;

    /// <summary>Keys and values in order.</summary>
    public IEnumerable<(object? Key, object? Value)> Entries =>
        _entries.Select(pair => (Shown(pair.Key), pair.Value));

    /// <summary>Adds a key, or gives it another value.</summary>
    public void Set(object? key, object? value) => _entries[key ?? NoneKey] = value;

    /// <summary>Looks for a key.</summary>
    public bool TryGet(object? key, out object? value) => _entries.TryGetValue(key ?? NoneKey, out value);

    private static object? Shown(object key) => ReferenceEquals(key, NoneKey) ? null : key;
}
