namespace Hypercompress.StoryModel.Stories.Plots;

/// <summary>One has something that both want; keeping it is no fun, sharing is.</summary>
internal static class Sharing
{
    public static Plot Plot { get; } = new(
        "sharing",
        ["treat", "part", "use", "moral", "lesson"],
        [
            [
                "big bag of cookies",
                "half of the cookies",
                "eat them",
                "things taste better when they are shared",
                "{a} always saved a cookie for {b}",
            ],
            [
                "new {item}",
                "a turn with the {thing}",
                "try it",
                "two can have more fun than one",
                "the {thing} belonged to both of them",
            ],
            [
                "basket of ripe apples",
                "the biggest apple",
                "have one",
                "sharing makes everyone happy",
                "{a} and {b} ate their apples together",
            ],
            [
                "box of [fine|bright] paints",
                "the blue and the red paint",
                "paint with them",
                "it is no fun to play alone",
                "they painted together every week",
            ],
            [
                "jar of sweet berries",
                "a handful of berries",
                "taste one",
                "a friend is worth more than a sweet treat",
                "{a} shared whatever {a.he} had",
            ],
            ["long rope swing", "the next turn", "swing on it", "taking turns is fair", "they always took turns"],
        ],
        [
            Beat.Always(
                "{a?} had a {treat} that {e} had given {a.him}.",
                "{e} had given {a} a {treat}, and {a.he} was very happy with it.",
                "{a?} came with a {treat}. It was a present from {e}."),
            Beat.Always(
                "<b ask May I {use} too?>",
                "{b} [looked at it with big eyes|came closer]. <b ask Can I {use}?>",
                "{b} smiled and came closer. <b say That looks so nice. Please let me {use}.>"),
            Beat.Always(
                "<a say No, it is mine. I want to keep it all for myself.>",
                "But {a} shook {a.his} head. <a say No! It is only for me.>",
                "{a?} held on to it and turned away. <a say It is mine.>"),
            Beat.Always(
                "{b} [felt|was] sad and sat down by the {landmark}.",
                "{b} did not say anything. {b?} walked away [slowly|with small steps].",
                "<b sigh I thought we were friends.> {b?} went and sat alone."),
            Beat.Paragraph(
                "So {a} sat all alone. It was [quiet|boring], and nothing was fun.",
                "For a while {a} [was pleased|thought this was good]. But soon {a.he} felt lonely.",
                "{a?} tried to enjoy it alone, but {a.he} kept looking at {b}."),
            Beat.Maybe(
                "A {creature} came by and looked at {a.him}, but it did not want to play.",
                "{e} came along and asked why {a.he} was alone. <a say I did not want to share.>",
                "It was no fun without {b}."),
            Beat.Always(
                "{a?} thought [about it|for a long time]. {b} had always been good to {a.him}.",
                "Then {a} remembered how {b} had once shared {b.his} {other} with {a.him}.",
                "<e say Happy things grow when you share them.> {a} thought about these words.",
                "{a?} looked at {b} and felt [sorry|bad]."),
            Beat.Paragraph(
                "{a} got up and went to {b}. <a say I am sorry. Please take {part}.>",
                "<a say I was not kind. Here is {part} for you.> {b} looked up.",
                "So {a} walked over to the {landmark} and gave {b} {part}."),
            Beat.Always(
                "{b} smiled. <b say Thank you! Let us {use} together.>",
                "<b cry Thank you, {a}!> {b.he} was not sad any more.",
                "{b}'s face [lit up|became bright]. <b say That is so kind of you.>"),
            Beat.Always(
                "They laughed and [played|talked] all afternoon, and it was much better than before.",
                "They sat [side by side|under the sky] and had [a wonderful|a great] time.",
                "Now it was twice as much fun."),
        ]);
}
