using Hypercompress.Settings;

namespace Hypercompress.Tests.Settings;

public sealed class KeySuggestionsTests
{
    private static readonly string[] Known = ["compression_ratio", "bytes", "max_rank_fraction", "seed"];

    [Theory]
    [InlineData("compresion_ratio", "compression_ratio")]
    [InlineData("byte", "bytes")]
    [InlineData("sede", "seed")]
    [InlineData("fraction", null)]
    [InlineData("x", null)]
    public void Nearest_IsTheKeyThatWasProbablyMeant(string written, string? expected) =>
        Assert.Equal(expected, KeySuggestions.Nearest(written, Known));

    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "acb", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_CountsSwapsOfNeighboursAsOne(string left, string right, int expected)
    {
        Assert.Equal(expected, KeySuggestions.Distance(left, right));
        Assert.Equal(expected, KeySuggestions.Distance(right, left));
    }

    [Fact]
    public void Nearest_OfAnEndlessWord_CostsNothing()
    {
        string word = new('a', 1_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(KeySuggestions.Nearest(word, ["mode", "targets", "branches"]));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
    }
}
