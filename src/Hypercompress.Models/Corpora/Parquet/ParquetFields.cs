namespace Hypercompress.Models.Corpora.Parquet;

/// <summary>The structures of the Parquet format (parquet.thrift of apache/parquet-format), as far as they are
/// read.</summary>
internal static class ParquetFields
{
    private static readonly ThriftField Number = new(ThriftType.Long);
    private static readonly ThriftField Small = new(ThriftType.Byte);
    private static readonly ThriftField Flag = new(ThriftType.True);
    private static readonly ThriftField Real = new(ThriftType.Double);
    private static readonly ThriftField Text = new(ThriftType.Text);
    private static readonly ThriftField Empty = Structure([]);

    private static readonly ThriftField Statistics = Structure(new()
    {
        [1] = Text,
        [2] = Text,
        [3] = Number,
        [4] = Number,
        [5] = Text,
        [6] = Text,
        [7] = Flag,
        [8] = Flag,
    });

    private static readonly ThriftField TimeUnit = Structure(new() { [1] = Empty, [2] = Empty, [3] = Empty });

    private static readonly ThriftField LogicalType = Structure(new()
    {
        [1] = Empty,
        [2] = Empty,
        [3] = Empty,
        [4] = Empty,
        [5] = Structure(new() { [1] = Number, [2] = Number }),
        [6] = Empty,
        [7] = Structure(new() { [1] = Flag, [2] = TimeUnit }),
        [8] = Structure(new() { [1] = Flag, [2] = TimeUnit }),
        [10] = Structure(new() { [1] = Small, [2] = Flag }),
        [11] = Empty,
        [12] = Empty,
        [13] = Empty,
        [14] = Empty,
        [15] = Empty,
        [16] = Structure(new() { [1] = Small }),
        [17] = Structure(new() { [1] = Text }),
        [18] = Structure(new() { [1] = Text, [2] = Number }),
    });

    private static readonly ThriftField SchemaElement = Structure(new()
    {
        [1] = Number,
        [2] = Number,
        [3] = Number,
        [4] = Text,
        [5] = Number,
        [6] = Number,
        [7] = Number,
        [8] = Number,
        [9] = Number,
        [10] = LogicalType,
    });

    private static readonly ThriftField KeyValue = Structure(new() { [1] = Text, [2] = Text });

    private static readonly ThriftField ColumnMetadata = Structure(new()
    {
        [1] = Number,
        [2] = List(Number),
        [3] = List(Text),
        [4] = Number,
        [5] = Number,
        [6] = Number,
        [7] = Number,
        [8] = List(KeyValue),
        [9] = Number,
        [10] = Number,
        [11] = Number,
        [12] = Statistics,
        [13] = List(Structure(new() { [1] = Number, [2] = Number, [3] = Number })),
        [14] = Number,
        [15] = Number,
        [16] = Structure(new() { [1] = Number, [2] = List(Number), [3] = List(Number) }),
        [17] = Structure(new()
        {
            [1] = Structure(Enumerable.Range(1, 8).ToDictionary(id => id, _ => Real)),
            [2] = List(Number),
        }),
    });

    private static readonly ThriftField ColumnChunk = Structure(new()
    {
        [1] = Text,
        [2] = Number,
        [3] = ColumnMetadata,
        [4] = Number,
        [5] = Number,
        [6] = Number,
        [7] = Number,
        [8] = Structure(new() { [1] = Empty, [2] = Structure(new() { [1] = List(Text), [2] = Text }) }),
        [9] = Text,
    });

    private static readonly ThriftField RowGroup = Structure(new()
    {
        [1] = List(ColumnChunk),
        [2] = Number,
        [3] = Number,
        [4] = List(Structure(new() { [1] = Number, [2] = Flag, [3] = Flag })),
        [5] = Number,
        [6] = Number,
        [7] = Number,
    });

    private static readonly ThriftField Encryption = Structure(new() { [1] = Text, [2] = Text, [3] = Flag });

    /// <summary>FileMetaData, the footer.</summary>
    public static IReadOnlyDictionary<int, ThriftField> Footer { get; } = new Dictionary<int, ThriftField>
    {
        [1] = Number,
        [2] = List(SchemaElement),
        [3] = Number,
        [4] = List(RowGroup),
        [5] = List(KeyValue),
        [6] = Text,
        [7] = List(Structure(new() { [1] = Empty })),
        [8] = Structure(new() { [1] = Encryption, [2] = Encryption }),
        [9] = Text,
    };

    /// <summary>PageHeader.</summary>
    public static IReadOnlyDictionary<int, ThriftField> Page { get; } = new Dictionary<int, ThriftField>
    {
        [1] = Number,
        [2] = Number,
        [3] = Number,
        [4] = Number,
        [5] = Structure(new() { [1] = Number, [2] = Number, [3] = Number, [4] = Number, [5] = Statistics }),
        [6] = Empty,
        [7] = Structure(new() { [1] = Number, [2] = Number, [3] = Flag }),
        [8] = Structure(new()
        {
            [1] = Number,
            [2] = Number,
            [3] = Number,
            [4] = Number,
            [5] = Number,
            [6] = Number,
            [7] = Flag,
            [8] = Statistics,
        }),
    };

    private static ThriftField List(ThriftField element) => new(ThriftType.List, element);

    private static ThriftField Structure(Dictionary<int, ThriftField> fields) =>
        new(ThriftType.Structure, null, fields);
}
