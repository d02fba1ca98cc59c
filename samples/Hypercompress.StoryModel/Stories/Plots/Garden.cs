namespace Hypercompress.StoryModel.Stories.Plots;

/// <summary>A seed needs care and waiting; impatience spoils, patience pays.</summary>
internal static class Garden
{
    public static Plot Plot { get; } = new(
        "a garden",
        ["seed", "grown", "care", "moral", "lesson"],
        [
            [
                "a tiny black seed",
                "a sunflower taller than {e}",
                "gave it water every morning",
                "good things take time",
                "{a} planted a seed every spring",
            ],
            [
                "three round seeds",
                "three orange pumpkins as big as a chair",
                "pulled out the weeds",
                "patience is a kind of work",
                "everyone ate pumpkin soup in the fall",
            ],
            [
                "a small brown bulb",
                "a red flower that smelled like honey",
                "kept the snow away from it",
                "what we care for will grow",
                "{a} looked after the flower each year",
            ],
            [
                "a handful of beans",
                "green beans all the way up the wall",
                "tied them to long sticks",
                "we cannot hurry what grows",
                "they had beans for the whole winter",
            ],
            [
                "a little apple seed",
                "a small apple tree with white flowers",
                "put a fence around it",
                "a small start can become something great",
                "{a} measured the tree every birthday",
            ],
        ],
        [
            Beat.Always(
                "{e} gave {a} {seed}. <e say Plant it and wait.>",
                "{a?} found {seed} in {an item}. <e say That will be something fine if you look after it.>",
                "{e} put {seed} in {a}'s hand."),
            Beat.Always(
                "{a} and {b} dug a hole near the {landmark} and covered it with soil.",
                "They found a sunny place and planted it with care.",
                "{b} dug the hole, and {a} put it in. Then they gave it some water."),
            Beat.Always(
                "The next day {a} ran to look. There was nothing but [soil|mud].",
                "{a} sat down to watch. Nothing happened. Nothing happened all day.",
                "<a ask Is it growing?> <b say Not yet.>"),
            Beat.Maybe(
                "{a} wanted to dig it up to see. <b cry No! Then it cannot grow.>",
                "<a sigh It is too slow.> <e say It is working under the ground, where you cannot see it.>",
                "A {creature} walked over the soil, and {a} had to smooth it again."),
            Beat.Paragraph(
                "A week went by. {a} was [tired of waiting|ready to give up].",
                "Many days went by, and still there was nothing to see.",
                "<a sigh It will never grow.> {a} threw down the {thing}."),
            Beat.Always(
                "<b say Let us wait a little more. I will help you.>",
                "<e say Do not stop now. The best part is near.>",
                "But {b} did not give up. {b?} {care}."),
            Beat.Always(
                "So {a} {care}, day after day.",
                "{a} tried again. {a?} {care} and sang to it, too.",
                "Every day they came together. {a} {care}, and {b} watched the sky for rain."),
            Beat.Paragraph(
                "Then one morning there was a small green leaf! <a cry Come and look!>",
                "One day, {a} saw something green. <a cry It is growing!>",
                "After the rain, a tiny green point looked out of the soil."),
            Beat.Always(
                "It grew and grew. By summer there was {grown}.",
                "Week after week it grew, and in the end it was {grown}.",
                "At the end of the summer they had {grown}."),
            Beat.Always(
                "<e say You waited, and you cared. That is how things grow.>",
                "{a} and {b} stood there and could not stop smiling.",
                "<b laugh And you wanted to dig it up!> {a} laughed too."),
        ]);
}
