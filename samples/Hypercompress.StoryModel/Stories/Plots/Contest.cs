namespace Hypercompress.StoryModel.Stories.Plots;

/// <summary>There is a contest; somebody falls or fails on the way; kindness counts more than winning.</summary>
internal static class Contest
{
    public static Plot Plot { get; } = new(
        "a contest",
        ["contest", "train", "trouble", "help", "end", "moral", "lesson"],
        [
            [
                "a race around the {place}",
                "ran every morning",
                "{b} fell and hurt {b.his} foot",
                "stopped and helped {b.him} up",
                "They walked over the line together, last of all",
                "helping a friend is better than winning",
                "{a} and {b} always ran side by side",
            ],
            [
                "a boat race on the water",
                "rowed until {a.his} arms hurt",
                "{b}'s boat began to sink",
                "turned around and pulled {b} into {a.his} boat",
                "They came in last, but everyone clapped",
                "a good heart wins more than a fast boat",
                "they rowed in one boat",
            ],
            [
                "a cake contest",
                "baked a cake every day",
                "{b}'s cake fell on the floor",
                "cut {a.his} own cake in two and gave {b} one half",
                "The judge tasted both halves and laughed",
                "half a cake can be worth more than a whole one",
                "they baked together",
            ],
            [
                "a singing contest",
                "sang to the {creature} and the trees",
                "{b} forgot the words",
                "sang along from the side until {b} remembered",
                "They both got a flower from the judge",
                "a song is finer with two voices",
                "they sang every song together",
            ],
            [
                "a contest for the tallest tower",
                "practiced with stones and boxes",
                "the wind blew {b}'s tower down",
                "gave {b.him} some of {a.his} own stones",
                "Their two towers stood side by side, both the same",
                "it is better to build up than to pull down",
                "they built all their towers together",
            ],
        ],
        [
            Beat.Always(
                "There was going to be {contest}, and the prize was {an item}.",
                "<b cry Did you hear? There will be {contest}!> The winner would get {an item}.",
                "{e} told them about {contest}. The best one would win {an item}."),
            Beat.Always(
                "{a} wanted to win very much. For a week {a.he} {train}.",
                "<a say I want to win that {thing}.> So {a} {train}.",
                "{a?} {train}, and {b} did the same."),
            Beat.Maybe(
                "<b say May the best one win.> <a say Good luck, {b}!>",
                "The night before, {a} could not sleep.",
                "<e say Do your best. That is all you can do.>"),
            Beat.Paragraph(
                "The big day came. Many had come to the {place} to see it.",
                "At last the day was there. {e} raised a flag. <e cry One, two, three, go!>",
                "On the day of the contest, {a}'s heart was beating fast."),
            Beat.Always(
                "Everything went well for {a}. {a?} was almost sure to win.",
                "{a} did very well. Nobody was better.",
                "At first {a} was behind, but then {a.he} got better and better."),
            Beat.Always(
                "But then {trouble}. <b cry Oh no!>",
                "Just then, {trouble}.",
                "Suddenly {a} heard a cry. {a?} looked around and saw that {trouble}."),
            Beat.Always(
                "{a} looked at the prize. Then {a.he} looked at {b}.",
                "{a?} had to choose. The {thing} or {a.his} friend?",
                "{a?} did not think twice."),
            Beat.Paragraph(
                "{a} {help}. {end}.",
                "So {a} {help}. <b ask But what about the prize?> <a say You are more important.> {end}.",
                "{a} {help}, and the others went by. {end}."),
            Beat.Always(
                "{e} came to them. <e say You did not win the {thing}, but you won something better.>",
                "In the end somebody else got the {item}. {a} did not mind.",
                "Then the judge gave {a} the {item} after all. <a say I want to share it with {b}.>"),
            Beat.Always(
                "<b say You are the best friend I could have.>",
                "<b say Thank you for helping me.> <a say You would do the same for me.>",
                "{b} smiled. <b say Next time I will help you.>"),
        ]);
}
