using System.Globalization;
using System.Text.RegularExpressions;
using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Benchmarks;
using Hypercompress.Evaluation.Benchmarks.Tasks;
using Hypercompress.Models.Errors;
using Hypercompress.OwnTask;

namespace Hypercompress.Tests.Samples;

/// <summary>The sample program that scores a task of its own, on the model that is part of the command line.</summary>
public sealed partial class OwnTaskSampleTests
{
    private static readonly string Documents = RepositoryFiles.PathOf("samples/Hypercompress.OwnTask/Documents");

    [Fact]
    [NoTensorLeaks]
    public void Run_PrintsAScoreWithItsError()
    {
        using var output = new StringWriter();

        OwnTaskSample.Run(RepositoryFiles.PathOf("src/Hypercompress.Cli/BuiltIn"), Documents, output);

        Match lines = Lines().Match(output.ToString());
        Assert.True(lines.Success, output.ToString());
        double[] numbers =
            [.. lines.Groups.Values.Skip(1).Select(group => double.Parse(group.Value, CultureInfo.InvariantCulture))];
        Assert.InRange(numbers[0], 0.8, 1);
        Assert.Equal(Math.Sqrt(numbers[0] * (1 - numbers[0]) / 39), numbers[1], 2e-3);
        Assert.InRange(numbers[2], 1, 1.6);
        Assert.InRange(numbers[3], 0.01, 0.5);
    }

    [Fact]
    public void Tasks_ThatAreIncompleteOrThereAlready_AreRefused()
    {
        TaskDefinition task = OwnTaskSample.LastWords;

        Assert.Equal(
            "task 'last-words': target must say what the right answer is", Refused(task with { Target = null }));
        Assert.Contains("two tasks 'last-words'", Refused(task, task), StringComparison.Ordinal);
        Assert.Contains("two tasks 'sst2'", Refused(task with { Task = "sst2" }), StringComparison.Ordinal);
        Assert.Contains(
            "evaluation.data_dir",
            Assert.Throws<ConfigurationException>(() => new TaskSuite(new EvaluationOptions(), [task])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Tasks_ComeAfterNamedOnes_AndEachSubsetIsOne()
    {
        TaskDefinition parts = OwnTaskSample.LastWords with { Subsets = ["short", "long"] };

        var suite = new TaskSuite(new() { Tasks = ["sst2"], DataDir = Documents }, [parts]);

        Assert.Equal(
            ["sst2", "last-words_short", "last-words_long"], suite.Selection.Tasks.Select(task => task.Task));
    }

    private static string Refused(params TaskDefinition[] tasks) => Assert.Throws<ConfigurationException>(
        () => new TaskSuite(new() { Tasks = ["sst2"], DataDir = Documents }, tasks)).Message;

    [GeneratedRegex(
        @"^last-words: acc ([\d.]+) ± ([\d.]+) of 40 documents\s+"
        + @"last-words: perplexity ([\d.]+) ± ([\d.]+) of 40 documents\s*$")]
    private static partial Regex Lines();
}
