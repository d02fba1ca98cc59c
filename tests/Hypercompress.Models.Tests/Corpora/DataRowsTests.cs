using System.Text;
using Hypercompress.Models.Corpora;
using Hypercompress.Models.Errors;
using Parquet.Serialization;

namespace Hypercompress.Models.Tests.Corpora;

public sealed class DataRowsTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Read_JsonLines_KeepsTypesAndPassesOverBlankLines()
    {
        DataRow[] rows = Rows("a.jsonl", "{\"q\": \"a\", \"n\": 3, \"list\": [1, \"x\"]}\n\n{\"q\": \"é\"}");
        Assert.Equal("""{"q":"a","n":3,"list":[1,"x"]}""", rows[0].Values.ToJsonString());
        Assert.Equal("é", (string?)rows[1].Values["q"]);
        Assert.Equal(["line 1", "line 3"], rows.Select(row => row.Place));
    }

    [Fact]
    public void Read_Csv_TakesQuotesBreaksAndLists()
    {
        DataRow[] rows =
            Rows("a.csv",
            "\uFEFFquestion,choices,answer\r\n\"say \"\"hi\"\",\nthen\",\"[\"\"a\"\", \"\"b\"\"]\",1\r\nplain,[not "
            + "json],2");
        Assert.Equal("say \"hi\",\nthen", (string?)rows[0].Values["question"]);
        Assert.Equal("b", (string?)rows[0].Values["choices"]![1]);
        Assert.Equal("1", (string?)rows[0].Values["answer"]);
        Assert.Equal("[not json]", (string?)rows[1].Values["choices"]);
        Assert.Equal("line 4", rows[1].Place);
    }

    [Fact]
    public void Read_Tsv_TakesAQuoteForALetter()
    {
        DataRow[] rows = Rows("a.tsv", "sentence\tlabel\n\"he said \t0\nit 's \"fine\" \t1\n");
        Assert.Equal(["\"he said ", "it 's \"fine\" "], rows.Select(row => (string?)row.Values["sentence"]));
    }

    [Theory]
    [InlineData("a.jsonl", "{\"q\": 1}\n{\"q\": ", "line 2")]
    [InlineData("a.jsonl", "[1, 2]", "line 1")]
    [InlineData("a.jsonl", "{\"q\": 1, \"q\": 2}", "line 1")]
    [InlineData("a.csv", "a,b\n1", "line 2")]
    [InlineData("a.csv", "a,b\n1,2,3", "3 cells")]
    [InlineData("a.csv", "a,a\n1,2", "'a'")]
    [InlineData("a.csv", "a,b\n\"1,2", "not closed")]
    [InlineData("a.csv", "a,b\n\"1\"x,2", "'x'")]
    [InlineData("a.tsv", "a\tb\n1,2", "1 cells")]
    [InlineData("a.parquet", "PAR1 no", "Parquet")]
    [InlineData("a.txt", "a", ".jsonl")]
    [InlineData("a.jsonl", "{\"q\": \"\\ud800\"}", "line 1")]
    [InlineData("a.jsonl", "{\"\\ud800\": 1}", "line 1")]
    [InlineData("a.jsonl", "version https://git-lfs.github.com/spec/v1\n", "Git LFS")]
    public void Read_OfWhatIsMalformed_NamesFileAndPlace(string name, string content, string expected)
    {
        CheckpointException problem = Assert.Throws<CheckpointException>(() => Rows(name, content));
        Assert.Contains(name, problem.Message, StringComparison.Ordinal);
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfBytesThatAreNoText_IsRefused()
    {
        File.WriteAllBytes(_scratch.Of("a.jsonl"), [0x7b, 0xff, 0xfe]);
        Assert.Contains(
            "UTF-8",
            Assert.Throws<CheckpointException>(() => DataRows.Read(_scratch.Of("a.jsonl")).ToArray()).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.jsonl", "")]
    [InlineData("a.csv", "")]
    [InlineData("a.csv", "a,b\n")]
    public void Read_OfAnEmptyFile_GivesNothing(string name, string content) => Assert.Empty(Rows(name, content));

    [Fact]
    public async Task Read_Parquet_GivesNestedRowsOfAllGroups()
    {
        string file = _scratch.Of("a.parquet");
        ParquetSample[] samples =
        [
            new() { Question = "one", Answer = 3, Choices = ["a", "b"],
                Options = new() { Text = ["x", "y", "z"], Label = ["A", "B", "C"] } },
            new() { Question = null, Answer = 0, Choices = [], Options = new() { Text = ["t"], Label = ["A"] } },
        ];
        await ParquetSerializer.SerializeAsync(samples, file, cancellationToken: TestContext.Current.CancellationToken);
        DataRow[] rows = [.. DataRows.Read(file)];
        Assert.Equal(
            """{"Question":"one","Answer":3,"Choices":["a","b"],"Options":{"Text":["x","y","z"],"Label":["A","B","C"]}}""",
            rows[0].Values.ToJsonString());
        Assert.Equal("row 2", rows[1].Place);
        Assert.Null(rows[1].Values["Question"]);
        Assert.Equal("""["t"]""", rows[1].Values["Options"]!["Text"]!.ToJsonString());
    }

    private DataRow[] Rows(string name, string content)
    {
        File.WriteAllText(_scratch.Of(name), content, new UTF8Encoding(false));
        return [.. DataRows.Read(_scratch.Of(name))];
    }
}
