using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Models.Errors;

namespace Hypercompress.Tests.Evaluation.Perplexity;

public sealed class WindowPlanTests
{
    [Theory]
    [InlineData(10, 4, null, "0+4/1 4+4/1")]
    [InlineData(8, 4, null, "0+4/1 4+4/1")]
    [InlineData(3, 4, null, "0+3/1")]
    [InlineData(10, 4, 5, "0+4/1")]
    [InlineData(10, 4, 3, "0+3/1")]
    public void For_Paper_CutsWholeWindowsAndDropsTheRest(int tokens, int window, int? most, string expected) =>
        Assert.Equal(expected, Plan(tokens, new() { Window = window, MaxTokens = most }));

    // Worked by hand from the loop of the transformers documentation: begin, end and target length of every step,
    // less the label that the shift drops when no earlier token stands in the window.
    [Theory]
    [InlineData(10, 4, 2, "0+4/1 2+4/2 4+4/2 6+4/2")]
    [InlineData(9, 4, 2, "0+4/1 2+4/2 4+4/2 6+3/2")]
    [InlineData(10, 4, 4, "0+4/1 4+4/1 8+2/1")]
    [InlineData(9, 4, 4, "0+4/1 4+4/1")]
    [InlineData(10, 4, 3, "0+4/1 3+4/1 6+4/1")]
    [InlineData(3, 4, 2, "0+3/1")]
    [InlineData(6, 4, 1, "0+4/1 1+4/3 2+4/3")]
    [InlineData(10, 4, null, "0+4/1 2+4/2 4+4/2 6+4/2")]
    public void For_Sliding_ScoresEachTokenOnce(int tokens, int window, int? stride, string expected) =>
        Assert.Equal(
            expected, Plan(tokens, new() { Convention = EvaluationOptions.Sliding, Window = window, Stride = stride }));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void For_TooShortText_NamesTheFile(int tokens)
    {
        CheckpointException fault =
            Assert.Throws<CheckpointException>(() => WindowPlan.For(tokens, new(), "short.txt"));
        Assert.Contains("short.txt", fault.Message, StringComparison.Ordinal);
    }

    private static string Plan(int tokens, EvaluationOptions options) => string.Join(
        ' ', WindowPlan.For(tokens, options, "x").Select(w => $"{w.Start}+{w.Length}/{w.FirstTarget}"));
}
