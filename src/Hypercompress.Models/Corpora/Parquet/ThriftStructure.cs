namespace Hypercompress.Models.Corpora.Parquet;

/// <summary>The numbers, lists and structures of a structure that was read; texts are passed over.</summary>
internal sealed class ThriftStructure
{
    private readonly Dictionary<int, object> _fields = [];

    /// <summary>Sets a field.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="value">A long, a byte array, a structure, or a list of these.</param>
    public void Set(int id, object value) => _fields[id] = value;

    /// <summary>A number.</summary>
    /// <param name="id">Number of the field.</param>
    /// <returns>The value; null where the field is missing.</returns>
    public long? Number(int id) => _fields.GetValueOrDefault(id) as long?;

    /// <summary>A number that must be there.</summary>
    /// <param name="id">Number of the field.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <returns>The value, 0 or more.</returns>
    /// <exception cref="InvalidDataException">It is missing or negative.</exception>
    public long Require(int id, string name) => Number(id) is { } value and >= 0
        ? value
        : throw new InvalidDataException($"{name} is {Number(id)?.ToString(null, null) ?? "missing"}");

    /// <summary>A structure.</summary>
    /// <param name="id">Number of the field.</param>
    /// <returns>The structure; null where the field is missing.</returns>
    public ThriftStructure? Structure(int id) => _fields.GetValueOrDefault(id) as ThriftStructure;

    /// <summary>A list of structures.</summary>
    /// <param name="id">Number of the field.</param>
    /// <returns>The structures; none where the field is missing.</returns>
    public IEnumerable<ThriftStructure> Structures(int id) => List(id).Cast<ThriftStructure>();

    /// <summary>A list of texts.</summary>
    /// <param name="id">Number of the field.</param>
    /// <returns>The texts; none where the field is missing.</returns>
    public IEnumerable<string> Texts(int id) =>
        List(id).Select(text => System.Text.Encoding.UTF8.GetString((byte[])text));

    /// <summary>Whether a field is there.</summary>
    /// <param name="id">Its number.</param>
    public bool Has(int id) => _fields.ContainsKey(id);

    private IReadOnlyList<object> List(int id) => _fields.GetValueOrDefault(id) as IReadOnlyList<object> ?? [];
}
