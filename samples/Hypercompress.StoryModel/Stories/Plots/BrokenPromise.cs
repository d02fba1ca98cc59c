namespace Hypercompress.StoryModel.Stories.Plots;

/// <summary>A promise is forgotten, a friend is hurt, and it is put right.</summary>
internal static class BrokenPromise
{
    public static Plot Plot { get; } = new(
        "broken promise",
        ["promise", "instead", "amends", "moral", "lesson"],
        [
            [
                "help {b} [paint|clean] the old boat",
                "went to look at the animals at the fair",
                "painted the whole boat bright blue",
                "a promise is a promise",
                "{a} kept every promise",
            ],
            [
                "meet {b} at the {landmark} at noon",
                "played a game and forgot the time",
                "waited at the {landmark} the whole next morning",
                "a friend should not have to wait",
                "{a} was always on time",
            ],
            [
                "bring back {b}'s {item}",
                "left it out in the rain",
                "worked all week to get a new {thing}",
                "what we borrow we must look after",
                "{a} gave things back the same day",
            ],
            [
                "feed {b}'s [hens|rabbits|fish] in the evening",
                "fell asleep in the grass",
                "fed them every morning for a month",
                "others count on our words",
                "{a} did the work first and rested later",
            ],
            [
                "come to {b}'s birthday",
                "followed a {creature} all the way to the next village",
                "made a new party with {food} for {b}",
                "being there matters more than any present",
                "{a} never missed a birthday",
            ],
        ],
        [
            Beat.Always(
                "{a?} promised to {promise}. {b} was [glad|happy].",
                "{a?} made a promise to {b}. {a?} would {promise}.",
                "{a?} wanted to {promise}. <a say I will not forget. I promise!>"),
            Beat.Always(
                "But the [next day|same day] was so [fine|warm] that {a} forgot. {a?} {instead}.",
                "But when the time came, {a} {instead}.",
                "Then something else came along. {a} {instead}, and the promise was forgotten."),
            Beat.Always(
                "{b} waited and waited, but {a} did not come.",
                "{b} looked down the path again and again. Nobody came.",
                "All that time, {b} was waiting. {b?} felt [sad|hurt|lonely]."),
            Beat.Paragraph(
                "When {a} saw {b} again, {b} was very quiet. <b sigh You made a promise.>",
                "The next morning {b} did not smile. <b say I trusted you, and you did not keep your word.>",
                "<b ask Why did you forget me?> {b} had tears in {b.his} eyes."),
            Beat.Always(
                "{a}'s face turned red. {a?} did not know what to say.",
                "{a?} felt [terrible|bad]. <a whisper I forgot. It is my fault.>",
                "At first {a} wanted to say that it was not {a.his} fault. But it was."),
            Beat.Always(
                "{a} went to {e} and told {e.him} [everything|what had happened].",
                "{a} could not sleep that night. In the morning {a.he} went to {e}.",
                "{a} asked {e} what {a.he} could do."),
            Beat.Always(
                "<e say Saying sorry is good. Showing it is better.>",
                "<e say A broken promise is like a broken cup. You can mend it, but it takes time.>",
                "<e ask What would make {b} happy again?> {a} thought for a long time."),
            Beat.Paragraph(
                "So {a} {amends}.",
                "{a} made a plan. {a?} {amends}, and {a.he} did not stop until it was done.",
                "Then {a} went to work. {a?} {amends}."),
            Beat.Always(
                "<a say I am sorry, {b}. I will not forget again.>",
                "<a say I broke my promise, and I am very sorry.>"),
            Beat.Always(
                "{b} looked at {a.him} for a while. Then {b} smiled. <b say We are still friends.>",
                "<b say Thank you. I forgive you.> They hugged.",
                "{b} was not angry any more. <b say I can see that you mean it.>"),
        ]);
}
