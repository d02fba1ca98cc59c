using Hypercompress.StoryModel.Stories.Plots;

namespace Hypercompress.StoryModel.Stories;

/// <summary>
/// Writes short children's stories: a cast, a place and some things are drawn once and stay the same through the
/// story; a plot gives the moments; every moment has many ways to be told.
/// </summary>
public static class StoryGrammar
{
    private static readonly Plot[] Plots =
    [
        LostAndFound.Plot, Sharing.Plot, FearOvercome.Plot, BrokenPromise.Plot, Building.Plot, Storm.Plot, Gift.Plot,
        Contest.Plot, Newcomer.Plot, Garden.Plot, Rescue.Plot, Truth.Plot, LostWay.Plot, Helping.Plot,
    ];

    /// <summary>Writes one story of about 100 to 250 words.</summary>
    /// <param name="seed">Equal seeds give equal stories.</param>
    /// <returns>Paragraphs separated by an empty line, without a line end after the last.</returns>
    public static string Write(ulong seed)
    {
        var random = new StoryRandom(seed);
        var plot = random.Pick(Plots);
        var teller = new Teller(random, DrawCast(random), DrawFacts(random, plot));
        Beat[] beats = [.. Frames.Opening, Frames.Scene, .. plot.Beats, .. Frames.Ending, Frames.LastLine];
        foreach (var beat in beats)
        {
            teller.Tell(beat);
        }

        return teller.Story;
    }

    private static Dictionary<char, Character> DrawCast(StoryRandom random)
    {
        bool animals = random.Chance(0.4);
        var hero = DrawCharacter(random, animals, []);
        var friend = DrawCharacter(random, animals, [hero]);
        return new()
        {
            ['a'] = hero,
            ['b'] = friend,
            ['n'] = DrawCharacter(random, animals, [hero, friend]),
            ['e'] = random.Pick(animals ? World.AnimalElders : World.HumanElders),
        };
    }

    // Nobody shares a name or a trait, and animals are of different kinds.
    private static Character DrawCharacter(StoryRandom random, bool animal, IReadOnlyList<Character> others)
    {
        Character drawn;
        do
        {
            drawn = DrawCharacter(random, animal);
        }
        while (others.Any(o => o.Name == drawn.Name || o.Trait == drawn.Trait || (animal && o.Kind == drawn.Kind)));
        return drawn;
    }

    private static Character DrawCharacter(StoryRandom random, bool animal)
    {
        bool male = random.Chance(0.5);
        string[] names = (animal, male) switch
        {
            (true, true) => World.AnimalBoyNames,
            (true, false) => World.AnimalGirlNames,
            (false, true) => World.BoyNames,
            (false, false) => World.GirlNames,
        };
        string kind = animal ? random.Pick(World.AnimalKinds) : male ? "boy" : "girl";
        return new(random.Pick(names), kind, random.Pick(World.Traits), male ? Pronouns.He : Pronouns.She);
    }

    private static Dictionary<string, string> DrawFacts(StoryRandom random, Plot plot)
    {
        string thing = random.Pick(World.Things), other = thing;
        while (other == thing)
        {
            other = random.Pick(World.Things);
        }

        var place = random.Pick(World.Places);
        var facts = new Dictionary<string, string>
        {
            ["thing"] = thing,
            ["item"] = $"{random.Pick(World.Colors)} {thing}",
            ["other"] = other,
            ["place"] = place[0],
            ["in"] = $"{place[1]} the {place[0]}",
            ["landmark"] = place[2],
            ["creature"] = place[3],
            ["food"] = random.Pick(World.Foods),
            ["hobby"] = random.Pick(World.Hobbies),
            ["weather"] = random.Pick(World.Weathers),
        };
        var row = random.Pick(plot.Rows);
        for (int i = 0; i < plot.Columns.Count; i++)
        {
            facts[plot.Columns[i]] = row[i];
        }

        return facts;
    }
}
