namespace Hypercompress.Models.Tests.Corpora;

/// <summary>A row as data sets of documents and conversations have it.</summary>
public sealed class ParquetDocument
{
    public ParquetTurn? Meta { get; set; }

    public string? Text { get; set; }

    public List<ParquetTurn>? Turns { get; set; }

    public List<string>? Lines { get; set; }

    /// <summary>A text and where it is from.</summary>
    public sealed class ParquetTurn
    {
        public string? From { get; set; }

        public string? Text { get; set; }
    }
}
