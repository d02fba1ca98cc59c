using Hypercompress.Cli.Output;
using Hypercompress.Evaluation;

namespace Hypercompress.Cli.Tests.Output;

public sealed class EvaluationLinesTests
{
    [Fact]
    public void Report_WithoutATerminal_WritesOneLineForEachFinishedSubject()
    {
        using var messages = new StringWriter { NewLine = "\n" };
        var lines = new EvaluationLines(
            new Terminal(TextWriter.Null, messages, CancellationToken.None), TimeProvider.System);

        lines.Report(new EvaluationProgress("texts/a.txt", "windows", 1, 2));
        lines.Report(new EvaluationProgress("texts/a.txt", "windows", 2, 2));
        lines.Report(new EvaluationProgress("arc\u001b_easy", "documents", 3, 3));

        lines.Model = "small";
        lines.Report(new EvaluationProgress("texts/a.txt", "windows", 2, 2));

        string[] written = messages.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, written.Length);
        Assert.Matches(@"^a\.txt: 2 of 2 windows, \d+\.\d s$", written[0]);
        Assert.StartsWith(@"arc\x1b_easy: 3 of 3 documents", written[1], StringComparison.Ordinal);
        Assert.StartsWith("small on a.txt: 2 of 2 windows", written[2], StringComparison.Ordinal);
    }
}
