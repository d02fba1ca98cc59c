namespace Hypercompress.Models.Corpora.Parquet;

/// <summary>The type of a field, or of the elements of a list.</summary>
/// <param name="Type">A number of Thrift's compact protocol, see <see cref="ThriftType"/>.</param>
/// <param name="Element">Of a list: the type of its elements.</param>
/// <param name="Fields">Of a structure: the types of its fields by number.</param>
internal sealed record ThriftField(
    byte Type, ThriftField? Element = null, IReadOnlyDictionary<int, ThriftField>? Fields = null)
{
    /// <summary>Whether this field may hold a value of a type.</summary>
    /// <param name="type">The type that was found.</param>
    /// <returns>True where the types agree; the two booleans are one type, and so are integers of any width.</returns>
    public bool Accepts(byte type) => ThriftType.Kind(type) == ThriftType.Kind(Type);
}
