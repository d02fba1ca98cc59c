namespace Hypercompress.Models.Corpora;

/// <summary>The layout of the texts in a file.</summary>
internal enum TextFormat
{
    /// <summary>The file is one text.</summary>
    Plain,

    /// <summary>A JSON value on each line.</summary>
    JsonLines,

    /// <summary>One JSON list: of texts, of objects with a text, or of token ids.</summary>
    Json,

    /// <summary>A table with a header and commas.</summary>
    Commas,

    /// <summary>A table with a header and tabs.</summary>
    Tabs,

    /// <summary>A Parquet table.</summary>
    Parquet,
}
