using Hypercompress.Cli.Output;
using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Benchmarks;
using Hypercompress.Evaluation.Benchmarks.Results;
using Hypercompress.Models.Errors;

namespace Hypercompress.Cli.Tests.Output;

public sealed class ResultFolderTests : IDisposable
{
    private static readonly EvaluationOptions Options = new() { Tasks = ["arc_easy"], DataDir = "data" };

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_WithoutAPath_IsNone() => Assert.Null(Open(null, new TaskSuite(Options)));

    [Fact]
    public void Open_WithoutTasks_IsRefused()
    {
        var refused = Assert.Throws<ConfigurationException>(() => Open(_folder.Of("out"), null));

        Assert.Contains("--tasks", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Of("out")));
    }

    [Fact]
    public void Open_BelowAFile_IsRefusedBeforeTheWork()
    {
        string file = _folder.Write("file", "x");

        var refused = Assert.Throws<ConfigurationException>(
            () => Open(Path.Combine(file, "out"), new TaskSuite(Options)));

        Assert.StartsWith($"--out {file}", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false, "samples_arc_easy.jsonl")]
    [InlineData(true, true, "teacher_samples_arc_easy.jsonl")]
    [InlineData(false, false, null)]
    public void Take_WritesTheAnswersWhereTheyAreAskedFor(bool takesSamples, bool isTeacher, string? expected)
    {
        var suite = new TaskSuite(Options);
        string path = _folder.Of("out");
        ResultFolder folder = ResultFolder.Open(path, takesSamples, suite, Options, TimeProvider.System)!;

        folder.Take(new TaskSamples(suite.Selection.Tasks[0], isTeacher, []));

        Assert.Equal(expected is null ? [] : [expected], Directory.GetFiles(path).Select(Path.GetFileName));
    }

    private static ResultFolder? Open(string? path, TaskSuite? tasks) =>
        ResultFolder.Open(path, takesSamples: false, tasks, Options, TimeProvider.System);
}
