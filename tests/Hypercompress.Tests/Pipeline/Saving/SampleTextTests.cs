using Hypercompress.Models.Generation;
using Hypercompress.Pipeline.Saving;

namespace Hypercompress.Tests.Pipeline.Saving;

public sealed class SampleTextTests
{
    [Theory]
    [InlineData("The dog ran hom", "The dog ran …")]
    [InlineData("The dog ran home ", "The dog ran home …")]
    [InlineData("The dog.\n\nTh", "The dog. …")]
    [InlineData("Th", "Th …")]
    [InlineData("\u4e16\u754c\ufffd", "\u4e16\u754c …")]
    public void Of_ATextThatWouldGoOn_EndsBetweenWords(string text, string shown)
    {
        Assert.Equal(shown, SampleText.Of(text, StopReason.MaxTokens));
        Assert.Equal(shown, SampleText.Of(text, StopReason.ContextFull));
    }

    [Fact]
    public void Of_ATextWithoutSpaces_KeepsItsEnd()
    {
        string text = "Title " + new string('\u4e16', 60);

        Assert.Equal(text + " …", SampleText.Of(text, StopReason.MaxTokens));
    }

    [Theory]
    [InlineData("The end.", "The end.")]
    [InlineData("The end. ", "The end.")]
    [InlineData("a <b> | c", "a <b> | c")]
    public void Of_ATextThatEnded_IsWhole(string text, string shown) =>
        Assert.Equal(shown, SampleText.Of(text, StopReason.EndToken));

    [Theory]
    [InlineData("The end. <|end_story|> Once")]
    [InlineData("The end.\n<|endoftext|>\nOnce")]
    [InlineData("The end.</s>Once")]
    [InlineData("The end.<|im_end|>")]
    public void Of_AMarkInTheText_EndsIt(string text)
    {
        Assert.Equal("The end.", SampleText.Of(text, StopReason.MaxTokens));
        Assert.True(SampleText.HasMark(text));
    }
}
