using Hypercompress.Evaluation.Statistics;

namespace Hypercompress.Tests.Evaluation.Statistics;

public sealed class PythonTextTests
{
    [Fact]
    public void Compile_ManyPatterns_KeepsABoundedNumberOfThem()
    {
        for (int number = 0; number < 1000; number++)
        {
            Assert.Matches(PythonText.Compile($"^a{{{number}}}b$"), new string('a', number) + "b");
        }

        Assert.InRange(PythonText.CompiledCount, 1, 300);
        Assert.Equal("b", PythonText.Remove("aab", "a+"));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("a", 1)]
    [InlineData("a b", 2)]
    [InlineData(" a  b\u001c", 4)]
    public void CountWords_CountsThePartsOfASplitAtWhiteSpace(string text, int expected) =>
        Assert.Equal(expected, PythonText.CountWords(text));
}
