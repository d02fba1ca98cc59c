using Hypercompress.StoryModel;
using Hypercompress.StoryModel.Stories;

namespace Hypercompress.Tests.StoryModel;

public sealed class StoryGrammarTests
{
    [Fact]
    public void Write_ManySeeds_GivesWholeReadableStories()
    {
        string[] stories = [.. StoryTexts.Stories(500, 2000)];

        Assert.All(stories, story => Assert.InRange(story.Split([' ', '\n']).Count(word => word.Length > 0), 90, 260));
        const string Faults = @"[\[\]{}<>|]|[^\x0A\x20-\x7E]|  |\.\.| \.|\b[Aa] [aeiou]|\b[Aa]n [^aeiou]";
        Assert.All(stories, story => Assert.DoesNotMatch(Faults, story));
        Assert.All(stories, story => Assert.Matches(@"[.!?]""?$", story));
        Assert.All(stories, story => Assert.Equal(0, story.Count(letter => letter == '"') % 2));
        Assert.Equal(stories.Length, stories.Distinct().Count());
    }

    [Fact]
    public void Write_SameSeed_GivesTheSameStory() => Assert.Equal(StoryGrammar.Write(42), StoryGrammar.Write(42));

    [Fact]
    public void Tell_PronounsAndArticles_AgreeWithTheCharacter()
    {
        var cast = new Dictionary<char, Character>
        {
            ['a'] = new("Ana", "otter", "old", Pronouns.She),
            ['b'] = new("Ben", "boy", "brave", Pronouns.He),
        };
        var teller = new Teller(new StoryRandom(1), cast, new Dictionary<string, string> { ["item"] = "{an a.kind}" });
        teller.Tell(Beat.Always("{a?} saw {b} and {b.his} hat."));
        teller.Tell(Beat.Always("{b?} saw {item}. {a} hid {a.himself}, and {a?} laughed."));

        Assert.Equal("Ana saw Ben and his hat. He saw an otter. Ana hid herself, and she laughed.", teller.Story);
    }

    [Fact]
    public void Tell_UnknownSlot_Fails()
    {
        var teller = new Teller(
            new StoryRandom(1), new Dictionary<char, Character>(), new Dictionary<string, string>());
        Assert.Throws<FormatException>(() => teller.Tell(Beat.Always("{nobody}")));
        Assert.Throws<FormatException>(() => teller.Tell(Beat.Always("[one|two")));
    }
}
