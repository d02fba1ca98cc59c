using Hypercompress.Models.Tokenization.Patterns.Characters;

namespace Hypercompress.Models.Tests.Tokenization.Patterns.Characters;

/// <summary>Sets of characters by name.</summary>
public sealed class CharacterPropertiesTests
{
    [Theory]
    [InlineData("Han", 0x6F22, 0x3042)]
    [InlineData("hani", 0x20000, 0x61)]
    [InlineData("Old_Italic", 0x10300, 0x61)]
    [InlineData("In_Hiragana", 0x3042, 0x30A2)]
    [InlineData("InCJKUnifiedIdeographs", 0x4E00, 0x3400)]
    [InlineData("Lu", 'A', 'a')]
    [InlineData("Uppercase_Letter", 'A', 'a')]
    [InlineData("Emoji_Presentation", 0x1F642, '1')]
    [InlineData("Alphabetic", 0x2460 + 0x56, 0x2460)]
    [InlineData("Any", 0x10FFFF, -1)]
    public void Find_KnownName_HasItsMembers(string name, int member, int other)
    {
        var set = CharacterProperties.Find(name)!;

        Assert.True(set.Contains(member));
        Assert.False(other >= 0 && set.Contains(other));
    }

    [Fact]
    public void Find_UnknownName_GivesNothing() => Assert.Null(CharacterProperties.Find("Klingon"));

    [Fact]
    public void Sets_CombineLikeSets()
    {
        var letters = CodePointSet.FromRanges([new('a', 'f'), new('d', 'k'), new('z', 'z')]);
        var vowels = CodePointSet.Of("aeiou".Select(letter => (int)letter));

        Assert.Equal("aei", Text(letters.Intersect(vowels)));
        Assert.Equal("abcdefghijkzou".Order(), Text(CodePointSet.Union([letters, vowels])).Order());
        Assert.Equal(letters, letters.Complement().Complement());
        Assert.Equal(CodePointSet.All, CodePointSet.Empty.Complement());
        Assert.Equal(2, letters.RangeCount);
        for (int point = 0; point < CodePointSet.CodePoints; point += 7)
        {
            Assert.NotEqual(letters.Contains(point), letters.Complement().Contains(point));
        }
    }

    private static string Text(CodePointSet set) => string.Concat(
        set.Ranges.SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1))
            .Select(char.ConvertFromUtf32));
}
