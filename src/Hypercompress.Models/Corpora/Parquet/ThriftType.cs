namespace Hypercompress.Models.Corpora.Parquet;

/// <summary>The types of Thrift's compact protocol.</summary>
internal static class ThriftType
{
    public const byte True = 1;
    public const byte False = 2;
    public const byte Byte = 3;
    public const byte Short = 4;
    public const byte Integer = 5;
    public const byte Long = 6;
    public const byte Double = 7;
    public const byte Text = 8;
    public const byte List = 9;
    public const byte Set = 10;
    public const byte Map = 11;
    public const byte Structure = 12;
    public const byte Uuid = 13;

    /// <summary>One number for the types that are read alike.</summary>
    public static byte Kind(byte type) => type switch
    {
        False => True,
        Short or Integer => Long,
        _ => type,
    };
}
