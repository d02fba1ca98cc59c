namespace Hypercompress.StoryModel.Stories.Plots;

/// <summary>Something dear is gone, friends search, and it turns up where nobody looked.</summary>
internal static class LostAndFound
{
    public static Plot Plot { get; } = new(
        "lost and found",
        ["spot", "finder", "moral", "lesson"],
        [
            [
                "under the {landmark}",
                "a small {creature} [sat|stood] near it",
                "a friend makes a hard search easy",
                "{a} always put the {thing} back in its place",
            ],
            [
                "behind the {landmark}",
                "the wind had [carried|blown] it there",
                "it helps to look twice",
                "{a} always [knew|remembered] where the {thing} was",
            ],
            [
                "in the tall grass",
                "it was [wet|muddy] but not broken",
                "giving up too soon is a mistake",
                "{a} took better care of the {thing}",
            ],
            [
                "inside an empty {other}",
                "someone had put it there to keep it safe",
                "asking for help is a good idea",
                "{a} looked after {a.his} things",
            ],
            [
                "next to the path",
                "a {creature} was [looking at|sitting on] it",
                "friends look for lost things together",
                "{a} and {b} played with the {thing} every day",
            ],
        ],
        [
            Beat.Always(
                "{a?} had brought {a.his} {item}, the [best|finest] thing {a.he} had.",
                "{a?} had {an item} that {e} had [given|made for] {a.him}, and {a.he} took it everywhere.",
                "{a?} wanted to show {b} {a.his} new {item}.",
                "{a?} carried {a.his} {item}. {e} had given it to {a.him}."),
            Beat.Always(
                "They played until {a} looked down. The {thing} was gone!",
                "But when {a.he} [looked|reached] into {a.his} bag, the {thing} was [gone|not there].",
                "After a while {a} [saw|noticed] that the {thing} was missing.",
                "Then {a?} turned around, and the {thing} was [gone|nowhere to be seen]."),
            Beat.Always(
                "<a sigh I have lost my {thing}.>",
                "<a cry Oh no! Where is my {thing}?>",
                "<a sigh My {thing} is gone. What [should|can] I do?>"),
            Beat.Maybe(
                "{a?} [felt|was] so sad that {a.he} [began|started] to cry.",
                "{a?} sat down on the ground and [did not say a word|hid {a.his} face]."),
            Beat.Paragraph(
                "<b say Do not worry. We will find it together.>",
                "<b ask When did you see it last?> <a say I had it [this morning|near the {landmark}].>",
                "{b} put an arm around {a.him}. <b say I will help you look.>",
                "<b say Let us look everywhere. Two can see more than one.>"),
            Beat.Always(
                "They looked [by|around|behind] the {landmark}, but it was not there.",
                "First they looked near the {landmark}. Then they looked along the path. There was no {thing}.",
                "They asked {e}, but {e} had not seen the {thing}.",
                "They walked back the same way, step by step, and found only {an other}."),
            Beat.Maybe(
                "<a sigh We will never find it.> <b say We have not looked everywhere yet.>",
                "{a?} wanted to [stop|go home], but {b} kept looking.",
                "The {creature} watched them and [said nothing|moved out of the way]."),
            Beat.Paragraph(
                "At last, {b} looked {spot}. There was the {thing}, and {finder}.",
                "Then {a} saw something [bright|small] {spot}. It was the {item}, and {finder}!",
                "Just before it got dark, {b} saw the {item} {spot}, and {finder}.",
                "<b cry Look! What is that?> {spot}, they saw the {thing}, and {finder}."),
            Beat.Always(
                "{a} [hugged|held] the {thing} [tight|close]. <a cry You found it! Thank you!>",
                "<a cry Thank you, {b}!> {a?} [jumped|danced] for joy.",
                "{a} laughed and hugged {b}. <a say I could not have found it without you.>"),
        ]);
}
