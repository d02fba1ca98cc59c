namespace Hypercompress.Models.Tests.Corpora;

/// <summary>A row as data sets of questions have it.</summary>
public sealed class ParquetSample
{
    public string? Question { get; set; }

    public long Answer { get; set; }

    public List<string>? Choices { get; set; }

    public ParquetOptions? Options { get; set; }

    /// <summary>Options with their labels.</summary>
    public sealed class ParquetOptions
    {
        public List<string>? Text { get; set; }

        public List<string>? Label { get; set; }
    }
}
