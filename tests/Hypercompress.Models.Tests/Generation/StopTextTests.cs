using Hypercompress.Models.Generation;
using Hypercompress.Models.Generation.Streaming;

namespace Hypercompress.Models.Tests.Generation;

public sealed class StopTextTests
{
    [Theory]
    [InlineData("one two three", "two", "one ", true)]
    [InlineData("one two three", "four", "one two three", false)]
    [InlineData("aab", "ab", "a", true)]
    [InlineData("ends with beginn", "beginning", "ends with beginn", false)]
    [InlineData("##", "###", "##", false)]
    public void Push_LetterByLetter_PassesOnWhatIsBeforeTheStop(string text, string stop, string expected, bool stopped)
    {
        var filter = new StopText([stop, "never said"]);

        string passed = string.Concat(text.Select(letter => filter.Push(letter.ToString())));

        Assert.Equal(expected, filter.Stopped ? passed : passed + filter.Flush());
        Assert.Equal(stopped, filter.Stopped);
    }

    [Fact]
    public void Push_TheFirstOfSeveralStops_Counts()
    {
        var filter = new StopText(["three", "two"]);
        Assert.Equal("one ", filter.Push("one two three"));
        Assert.Empty(filter.Push("more"));
    }

    [Fact]
    public void Push_BeginningOfAStop_IsHeldBack()
    {
        var filter = new StopText(["<end>"]);
        Assert.Equal("text ", filter.Push("text <en"));
        Assert.Equal("<enx", filter.Push("x"));
    }

    [Fact]
    public void Push_WithoutStops_PassesEverythingOn() => Assert.Equal("text", new StopText([]).Push("text"));
}
