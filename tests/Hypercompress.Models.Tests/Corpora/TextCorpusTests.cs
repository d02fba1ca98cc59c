using Hypercompress.Models.Corpora;
using Hypercompress.Models.Errors;
using Parquet;
using Parquet.Schema;

namespace Hypercompress.Models.Tests.Corpora;

public sealed class TextCorpusTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("corpus").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ReadDocuments_SeveralKinds_KeepsTheOrderOfFilesAndLines()
    {
        string text = Write("a.txt", "first\nfile\n");
        string lines = Write("b.jsonl", "{\"id\": 1, \"text\": \"second\"}\n\n\"th\\u00efrd\"\n");
        string table = Path.Combine(_folder, "c.parquet");
        await WriteParquet(table, ["fourth", null, "fifth"], ["sixth"]);

        var corpus = new TextCorpus([table, text, lines]);

        Assert.Equal(["fourth", "fifth", "sixth", "first\nfile\n", "second", "thïrd"], corpus.ReadDocuments());
        Assert.Equal("fourth\n\nfifth\n\nsixth", corpus.ReadJoined(3));
    }

    [Fact]
    public void ReadDocuments_OtherField_IsUsed()
    {
        string lines = Write("b.jsonl", "{\"text\": \"no\", \"body\": \"yes\"}");
        Assert.Equal(["yes"], new TextCorpus([lines], "body").ReadDocuments());
    }

    [Theory]
    [InlineData("{\"text\": \"good\"}\n{\"text\": 7}\n", "line 2")]
    [InlineData("\n\n{broken\n", "line 3")]
    [InlineData("[1]\n", "line 1")]
    public void ReadDocuments_MalformedLine_NamesFileAndLine(string content, string line)
    {
        string file = Write("bad.jsonl", content);
        var error = Assert.Throws<CheckpointException>(() => new TextCorpus([file]).ReadDocuments().Count());
        Assert.Contains("bad.jsonl", error.Message, StringComparison.Ordinal);
        Assert.Contains(line, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadDocuments_ParquetWithoutTheColumn_NamesTheColumnsItHas()
    {
        string table = Path.Combine(_folder, "c.parquet");
        await WriteParquet(table, ["row"]);
        var error = Assert.Throws<CheckpointException>(() => new TextCorpus([table], "body").ReadDocuments().Count());
        Assert.Contains("'body'", error.Message, StringComparison.Ordinal);
        Assert.Contains("text", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadDocuments_DamagedParquet_IsACheckpointError()
    {
        string file = Write("c.parquet", "PAR1 this is no table at all PAR1");
        Assert.Throws<CheckpointException>(() => new TextCorpus([file]).ReadDocuments().Count());
    }

    [Fact]
    public void ReadDocuments_InvalidUtf8_IsACheckpointError()
    {
        string file = Path.Combine(_folder, "x.txt");
        File.WriteAllBytes(file, [0x61, 0xFF, 0x62]);
        Assert.Throws<CheckpointException>(() => new TextCorpus([file]).ReadDocuments().Count());
    }

    [Fact]
    public void Constructor_MissingOrUnknownFile_Throws()
    {
        Assert.Throws<ConfigurationException>(() => new TextCorpus([]));
        Assert.Throws<CheckpointException>(() => new TextCorpus([Path.Combine(_folder, "absent.txt")]));
        Assert.Throws<CheckpointException>(() => new TextCorpus([Write("a.zip", "")]));
    }

    private static async Task WriteParquet(string path, params string?[][] groups)
    {
        var field = new DataField<string>("text");
        await using var file = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(field), file);
        foreach (var group in groups)
        {
            using var rows = writer.CreateRowGroup();
            await rows.WriteAsync(field, group!);
        }
    }

    private string Write(string name, string content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
