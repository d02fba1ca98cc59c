namespace Hypercompress.StoryModel.Stories.Plots;

/// <summary>Somebody is afraid, tries in small steps with a friend, and is afraid no more.</summary>
internal static class FearOvercome
{
    public static Plot Plot { get; } = new(
        "fear overcome",
        ["fear", "scene", "step", "won", "moral", "lesson"],
        [
            [
                "the dark",
                "They found a deep cave [near|behind] the {landmark}, and it was very dark inside.",
                "take a lantern and go in one step at a time",
                "Inside, the stones shone like stars, and the dark was not scary at all",
                "the dark is only a place without light",
                "{a} was not afraid of the dark",
            ],
            [
                "deep water",
                "{b} jumped into the water and [laughed|splashed], but {a} stayed on the sand.",
                "hold my hand and put one foot in",
                "The water was warm, and soon {a} was swimming like a fish",
                "it is easier to be brave with a friend",
                "{a} went swimming every week",
            ],
            [
                "high places",
                "{b} climbed the tallest tree, but {a} stayed at the bottom.",
                "climb one branch and then stop",
                "From the top {a} could see the whole {place} and far beyond",
                "small steps can take you very high",
                "{a} climbed a little higher each day",
            ],
            [
                "thunder",
                "Dark clouds came, and there was a loud boom in the sky.",
                "count slowly until the thunder comes",
                "The thunder went away, and {a} was still counting and smiling",
                "loud things are not always bad things",
                "{a} counted when there was thunder",
            ],
            [
                "big dogs",
                "A very big dog was [sitting|lying] in front of the {landmark}.",
                "stand still and hold out your hand",
                "The dog licked {a}'s hand and wagged its tail",
                "big things can be gentle",
                "{a} waved to the big dog every morning",
            ],
            [
                "singing in front of others",
                "Everyone in the village was going to sing a song that day.",
                "sing to me first and then to one more",
                "{a} sang so well that everyone clapped",
                "the first note is the hardest one",
                "{a} sang whenever somebody asked",
            ],
        ],
        [
            Beat.Always(
                "There was one thing that {a} did not like. {a?} was afraid of {fear}.",
                "But {a} had a secret. {a?} was very afraid of {fear}.",
                "{a?} could do many things, but {a.he} was scared of {fear}."),
            Beat.Always("{scene}"),
            Beat.Always(
                "<b say Come on, {a}! It is fun.> But {a} shook {a.his} head.",
                "{a}'s [heart|knees] began to shake. <a whisper I cannot do it.>",
                "{a?} wanted to run away. <a say I am too scared.>"),
            Beat.Maybe(
                "{a?} felt [small|ashamed] and looked at the ground.",
                "{a?} hid behind the {landmark} and [held|hugged] {a.his} {item}.",
                "<a say Please do not laugh at me.> <b say I would never laugh at you.>"),
            Beat.Paragraph(
                "{b} did not laugh. <b say I was afraid of {fear} too, when I was little.>",
                "{b} sat down next to {a}. <b say Everyone is afraid of something.>",
                "<b ask Would it help if I stayed with you?> {a} nodded [slowly|a little]."),
            Beat.Always(
                "<b say First, {step}.>",
                "<b say This is what {e} told me. You {step}.>",
                "<b say Let us go slowly. You just {step}, and I will be right here.>"),
            Beat.Always(
                "{a} took a deep breath and tried. It was hard at first.",
                "{a} closed {a.his} eyes, counted to three, and tried.",
                "{a?} was still scared, but {a.he} tried anyway.",
                "The first time, {a} [stopped|turned back]. The second time, {a.he} went on."),
            Beat.Paragraph(
                "And then it happened. {won}.",
                "Little by little, the fear became smaller. {won}.",
                "{won}. <a cry I did it!>"),
            Beat.Always(
                "<b cry You see? I knew that you could do it!>",
                "{b} clapped {b.his} hands. <b say You are so brave.>",
                "<a say I was scared, but I did it.> <b say That is what being brave means.>"),
        ]);
}
