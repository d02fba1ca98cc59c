namespace Hypercompress.StoryModel.Stories.Plots;

/// <summary>Friends lose their way and find home by using their heads.</summary>
internal static class LostWay
{
    public static Plot Plot { get; } = new(
        "the way home",
        ["lure", "clue", "follow", "moral", "lesson"],
        [
            [
                "a blue butterfly",
                "the sound of the river",
                "The river runs by our house. If we follow the water, we will get home",
                "it is good to stop and think",
                "they always looked back to remember the way",
            ],
            [
                "a trail of berries",
                "the evening star",
                "The star is over our village every night. We have to walk toward it",
                "the sky can be a map",
                "{a} learned the names of all the stars",
            ],
            [
                "a {creature} with a white spot",
                "their own footprints",
                "Our feet made a path. We can follow it back",
                "every step leaves a mark",
                "they put small stones along the path",
            ],
            [
                "the sound of music",
                "smoke above the trees",
                "That smoke is from a kitchen. Where there is smoke, there are people",
                "there is always a sign if you look for it",
                "they told somebody where they were going",
            ],
            [
                "a path they had never seen",
                "the ringing of a bell",
                "That is the bell of our village. We only need to listen",
                "ears can see where eyes cannot",
                "{a} listened for the bell every evening",
            ],
        ],
        [
            Beat.Always(
                "They saw {lure} and followed it, farther and farther.",
                "<a cry Look, {lure}!> They ran after it without thinking.",
                "{a} wanted to follow {lure}, so they left the path."),
            Beat.Always(
                "After a while it was gone. {b} looked around. <b ask Where are we?>",
                "Then they stopped. Nothing looked the same. They were lost.",
                "When they turned back, the path was gone. It was getting dark."),
            Beat.Always(
                "<b sigh We will never get home!>",
                "{b} was close to tears. <b whisper I want to go home.>",
                "They called for {e}, but nobody answered."),
            Beat.Maybe(
                "The trees looked tall and strange, and every sound made them jump.",
                "They went left, and they went right, and they came back to the same {landmark}.",
                "{a} had only {an item} in {a.his} bag, and that did not help."),
            Beat.Paragraph(
                "<a say Let us be still and think. {e} always says that.>",
                "{a} was afraid too, but {a.he} took {b}'s hand. <a say We must stay calm.>",
                "They sat down and shared some {food}. Then {a} began to think."),
            Beat.Always(
                "After a moment, {a} noticed something. It was {clue}.",
                "Then {b} lifted {b.his} head. There was {clue}!",
                "It was very quiet. And then they noticed {clue}."),
            Beat.Always(
                "<a say {follow}.>",
                "<a cry I know what to do! {follow}.>",
                "<b say {follow}.> <a say You are so clever, {b}!>"),
            Beat.Paragraph(
                "They walked for a long time. {b} was tired, and {a} carried {b.his} bag.",
                "Step by step they went on, hand in hand.",
                "They sang a song to be brave, and they did not stop."),
            Beat.Always(
                "At last they saw a light. It was {e} with a lantern!",
                "And there it was, the {landmark} near their home!",
                "Then they heard {e}'s voice. <e cry {a}! {b}! Here I am!>"),
            Beat.Always(
                "<e say I was so worried. I am glad that you used your heads.>",
                "{e} hugged them both and did not let go for a long time.",
                "They ran the last part and fell into {e}'s arms."),
        ]);
}
