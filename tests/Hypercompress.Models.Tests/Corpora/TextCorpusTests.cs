using System.IO.Compression;
using System.Text;
using Hypercompress.Models.Corpora;
using Hypercompress.Models.Errors;
using Parquet;
using Parquet.Schema;
using Parquet.Serialization;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Hypercompress.Models.Tests.Corpora;

public sealed class TextCorpusTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task ReadDocuments_SeveralKinds_KeepsTheOrderOfFilesAndLines()
    {
        string text = _scratch.Write("a.txt", "first\nfile\n");
        string lines =
            _scratch.Write("b.jsonl", "{\"id\": 1, \"text\": \"second\"}\n\n\"th\\u00efrd\"\n{\"text\": null}\n");
        string table = _scratch.Of("c.parquet");
        await WriteParquet(table, ["fourth", null, "fifth"], ["sixth"]);

        var corpus = new TextCorpus([table, text, lines]);

        Assert.Equal(["fourth", "fifth", "sixth", "first\nfile\n", "second", "thïrd"], corpus.ReadDocuments());
        Assert.Equal("fourth\n\nfifth\n\nsixth", corpus.ReadJoined(3));
    }

    [Theory]
    [InlineData("a.csv", "id,text\n1,\"one, two\"\n2,[3]\n", "one, two|[3]")]
    [InlineData("a.tsv", "text\tid\n\"quoted\t1\n", "\"quoted")]
    [InlineData("a.json", "[{\"text\": \"one\"}, \"two\"]", "one|two")]
    [InlineData("a.json", "{\"text\": \"one\"}\n{\"text\": \"two\"}\n", "one|two")]
    [InlineData("a.json", "{\n  \"text\": \"one\"\n}\n", "one")]
    [InlineData("a.txt", "\uFEFFmarked", "marked")]
    [InlineData("a.json", "\uFEFF[\"marked\"]", "marked")]
    [InlineData("README", "no ending", "no ending")]
    [InlineData("a.py", "print()", "print()")]
    public void ReadDocuments_OfEachFormat_GivesItsTexts(string name, string content, string expected)
    {
        Assert.Equal(expected.Split('|'), new TextCorpus([_scratch.Write(name, content)]).ReadDocuments());
    }

    [Theory]
    [InlineData(":meta.body", "nested")]
    [InlineData(":title", "a title")]
    [InlineData("", "plain")]
    public void ReadDocuments_OfANamedField_TakesThatOne(string suffix, string expected)
    {
        string lines = _scratch.Write(
            "b.jsonl",
            "{\"text\": \"plain\", \"title\": \"a title\", \"meta\": {\"body\": \"nested\", \"text\": \"not this\"}}");
        Assert.Equal([expected], new TextCorpus([lines + suffix]).ReadDocuments());
    }

    [Fact]
    public void ReadDocuments_OfAFileWithAColonInItsName_ReadsThatFile()
    {
        _scratch.Write("a", "{}");
        Assert.Equal(["colon"], new TextCorpus([_scratch.Write("a:text", "colon")]).ReadDocuments());
    }

    [Theory]
    [InlineData("gzip.txt")]
    [InlineData("gzip.txt.gz")]
    [InlineData("zstandard.txt.zst")]
    [InlineData("zstandard")]
    public void ReadDocuments_OfPackedText_UnpacksIt(string name)
    {
        File.WriteAllBytes(_scratch.Of(name), Packed(name, "packed tèxt"u8.ToArray()));
        Assert.Equal(["packed tèxt"], new TextCorpus([_scratch.Of(name)]).ReadDocuments());
    }

    [Theory]
    [InlineData("gzip.jsonl.gz")]
    [InlineData("zstandard.jsonl.zst")]
    public void ReadDocuments_OfPackedLines_ReadsTheFormatOfTheName(string name)
    {
        File.WriteAllBytes(_scratch.Of(name), Packed(name, "{\"text\": \"one\"}\n\"two\"\n"u8.ToArray()));
        Assert.Equal(["one", "two"], new TextCorpus([_scratch.Of(name)]).ReadDocuments());
    }

    [Theory]
    [InlineData("gzip.txt.gz")]
    [InlineData("zstandard.txt.zst")]
    public void ReadDocuments_OfPackedTextThatIsDamaged_SaysSo(string name)
    {
        byte[] packed = Packed(name, Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Range(0, 9999))));
        File.WriteAllBytes(_scratch.Of(name), packed[..(packed.Length / 2)]);
        Assert.Contains("is damaged", Fault(name), StringComparison.Ordinal);
        packed.AsSpan(packed.Length / 2, 40).Fill(0x55);
        File.WriteAllBytes(_scratch.Of(name), packed);
        Assert.Contains("is damaged", Fault(name), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip.txt.gz")]
    [InlineData("zstandard.txt.zst")]
    public void ReadDocuments_OfASmallFileThatGrowsWithoutEnd_Stops(string name)
    {
        File.WriteAllBytes(_scratch.Of(name), Packed(name, new byte[64 << 20]));
        Assert.Contains("grows to more than", Fault(name), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.jsonl", "{\"text\": \"good\"}\n{\"text\": 7}\n", "line 2")]
    [InlineData("a.jsonl", "\n\n{broken\n", "line 3")]
    [InlineData("a.jsonl", "[1]\n", "line 1")]
    [InlineData("a.jsonl", "{\"body\": \"x\"}\n", "its fields are body: name one as FILE:FIELD")]
    [InlineData("a.jsonl", "\"\\ud800\"", "line 1")]
    [InlineData("a.jsonl", "{\"\\ud800:text\": \"one\", \"n\": 3}", "line 1")]
    [InlineData("a.jsonl", "{\"a\": {\"\\ud800text\": 1}}", "line 1")]
    [InlineData("a.json", "[{\"\\ud800\": \"one\"}]", "item 1")]
    [InlineData("a.json", "[\"a\", 3]", "item 2")]
    [InlineData("a.json", "[\"a\"", "not valid JSON")]
    [InlineData("a.json", "{\"data\": []}", "'text'")]
    [InlineData("a.csv", "a,b\n1,2\n", "has no column 'text'; its columns are a, b")]
    [InlineData("a.csv", "a,text\n1\n", "line 2")]
    [InlineData("a.txt", "version https://git-lfs.github.com/spec/v1\noid", "Git LFS pointer")]
    [InlineData("a.txt", "<!DOCTYPE html><html>", "HTML")]
    [InlineData("a.txt", "%PDF-1.7", "PDF")]
    [InlineData("a.parquet", "text", "PAR1")]
    [InlineData("a.parquet", "PAR1 this is not a table at all PAR1", "not a readable Parquet file")]
    public void ReadDocuments_OfWhatIsMalformed_NamesFileAndPlace(string name, string content, string expected)
    {
        _scratch.Write(name, content);
        string message = Fault(name);
        Assert.Contains(name, message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, new byte[] { 0x61, 0x62, 0xE9, 0x20 })]
    [InlineData(1, new byte[] { 0x61, 0xC3 })]
    [InlineData(0, new byte[] { 0xE2, 0x82 })]
    [InlineData(0, new byte[] { 0xED, 0xA0, 0x80 })]
    public void ReadDocuments_OfBytesThatAreNotUtf8_NamesTheFirst(int offset, byte[] content)
    {
        foreach (string name in (string[])["a.txt", "a.jsonl", "a.csv", "a.json"])
        {
            File.WriteAllBytes(_scratch.Of(name), content);
            Assert.Contains($"byte {offset} is 0x", Fault(name), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ReadDocuments_OfOneWrongByteFarInTheText_NamesItsOffset()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("aé€😀", 50_000)));
        text[299_998] = 0xFF;
        File.WriteAllBytes(_scratch.Of("a.txt"), text);
        int start = 299_998;
        while (!Encoding.UTF8.GetString(text.AsSpan(0, start)).EndsWith("aé€😀"[..1], StringComparison.Ordinal)
            && Encoding.UTF8.GetString(text.AsSpan(0, start)).EndsWith('\uFFFD'))
        {
            start--;
        }

        Assert.Contains($"byte {start} is", Fault("a.txt"), StringComparison.Ordinal);
        File.WriteAllText(_scratch.Of("a.txt"), string.Concat(Enumerable.Repeat("aé€😀", 50_000)));
        Assert.Equal(250_000, new TextCorpus([_scratch.Of("a.txt")]).ReadDocuments().Single().Length);
    }

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", false)]
    public void ReadDocuments_OfUtf16_NamesIt(string encoding, bool hasMark)
    {
        var wide = Encoding.GetEncoding(encoding);
        byte[] text = wide.GetBytes("a text of two bytes a character\r\n");
        File.WriteAllBytes(_scratch.Of("a.txt"), [.. hasMark ? wide.Preamble.ToArray() : [], .. text]);
        Assert.Contains("UTF-16", Fault("a.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadDocuments_OfParquet_TakesTheColumnOfThatPath()
    {
        string table = _scratch.Of("c.parquet");
        ParquetDocument[] rows =
        [
            new()
            {
                Meta = new() { Text = "not this" },
                Text = "this",
                Turns = [new() { From = "user", Text = "Hi." }, new() { From = "bot", Text = "Yes?" }],
                Lines = ["a", "b"],
            },
            new() { Meta = new() { Text = "nor this" }, Text = "that", Turns = [], Lines = ["c"] },
        ];
        await ParquetSerializer.SerializeAsync(rows, table, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["this", "that"], new TextCorpus([table + ":Text"]).ReadDocuments());
        Assert.Equal(["not this", "nor this"], new TextCorpus([table + ":Meta.Text"]).ReadDocuments());
        Assert.Equal(["Hi.\nYes?"], new TextCorpus([table + ":Turns.Text"]).ReadDocuments());
        Assert.Equal(["a\nb", "c"], new TextCorpus([table + ":Lines"]).ReadDocuments());
        CheckpointException fault = Assert.Throws<CheckpointException>(() => new TextCorpus([table]).ReadJoined());
        Assert.Contains(
            "has no text column 'text'; its text columns are Meta.From, Meta.Text, Text, Turns.From, Turns.Text, Lines",
            fault.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cases/parquet-alloc-2712.parquet")]
    [InlineData("cases/parquet-hang-3894.parquet")]
    public void ReadDocuments_OfSmallParquetFilesWithLargeNumbers_EndsSoonAndInLittleMemory(string sample)
    {
        string file = SharedFiles.Require(sample);
        long before = GC.GetTotalAllocatedBytes();
        Assert.Throws<CheckpointException>(() => new TextCorpus([file]).ReadDocuments().Count());
        Assert.Throws<CheckpointException>(() => DataRows.Read(file).Count());
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 128 << 20);
    }

    [Fact]
    public void Constructor_MissingFile_Throws()
    {
        Assert.Throws<ConfigurationException>(() => new TextCorpus([]));
        Assert.Throws<ConfigurationException>(() => new TextCorpus([" "]));
        Assert.Throws<CheckpointException>(() => new TextCorpus([_scratch.Of("absent.txt")]));
        Assert.Throws<CheckpointException>(() => new TextCorpus([_scratch.Of("absent.txt:text")]));
        Assert.Contains("is a folder", Fault(""), StringComparison.Ordinal);
    }

    private static byte[] Packed(string name, byte[] content)
    {
        using var packed = new MemoryStream();
        using (Stream stream = name.StartsWith("gzip", StringComparison.Ordinal)
            ? new GZipStream(packed, CompressionLevel.Fastest)
            : WithChecksum(new CompressionStream(packed)))
        {
            stream.Write(content);
        }

        return packed.ToArray();
    }

    private static CompressionStream WithChecksum(CompressionStream stream)
    {
        stream.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return stream;
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

    private string Fault(string name) => Assert.Throws<CheckpointException>(
        () => new TextCorpus([_scratch.Of(name)]).ReadDocuments().Count()).Message;
}
