namespace Hypercompress.StoryModel.Stories.Plots;

/// <summary>Something breaks; hiding it weighs more than saying it.</summary>
internal static class Truth
{
    public static Plot Plot { get; } = new(
        "the truth",
        ["broken", "deed", "hide", "repair", "moral", "lesson"],
        [
            [
                "{e}'s best cup",
                "ran through the house",
                "put the pieces under the bed",
                "glued the pieces together",
                "the truth makes the heart light",
                "{a} always told the truth at once",
            ],
            [
                "the big window",
                "threw {an item} too far",
                "closed the curtain so that nobody could see",
                "helped to put in new glass",
                "it takes courage to be honest",
                "{a} played far away from the windows",
            ],
            [
                "{e}'s flower pot",
                "danced on the table",
                "pushed the soil behind the door",
                "planted the flower in a new pot",
                "hiding makes things worse",
                "{a} watered the flower every day",
            ],
            [
                "the old clock",
                "wanted to see what was inside",
                "hung a coat over it",
                "learned how all the little wheels work",
                "being sorry is the first step to make things good",
                "{a} asked before touching things",
            ],
            [
                "{e}'s {item}",
                "took it outside without asking",
                "hid it behind the {landmark}",
                "made {e} a new {thing}",
                "people would rather hear the truth",
                "{a} asked first",
            ],
        ],
        [
            Beat.Always(
                "That day {a} {deed}, and there was a loud crash. {broken} was broken!",
                "{a?} was not careful. {a?} {deed}, and then {broken} was in pieces.",
                "It happened quickly. {a} {deed}, and {broken} broke."),
            Beat.Always(
                "{a}'s heart beat fast. Nobody had seen it.",
                "<a whisper Oh no! What have I done?>",
                "{a?} looked around. There was nobody there but a {creature}."),
            Beat.Always(
                "{a} was afraid, so {a.he} {hide}.",
                "Quickly, {a} {hide} and ran outside.",
                "{a?} did not want anyone to know. So {a.he} {hide}."),
            Beat.Paragraph(
                "Later, {e} asked, \"Do you know what happened to {broken}?\" {a} shook {a.his} head.",
                "<e ask Who broke this?> <a say It was not me.> But {a.his} voice was very small.",
                "When {e} saw it, {e.he} was sad. {a} said nothing at all."),
            Beat.Always(
                "After that, nothing was fun. {a} could not eat, and {a.he} could not play.",
                "All day {a} felt as if {a.he} had a heavy stone in {a.his} pocket.",
                "{a} tried to {hobby}, but {a.he} could think of nothing else."),
            Beat.Always(
                "<b ask What is wrong? You look so sad.> So {a} told {b} everything.",
                "{b} saw that something was wrong. <b say You can tell me.>",
                "At last {a} told {b} the secret."),
            Beat.Always(
                "<b say You should tell {e}. I will come with you.>",
                "<b say It will feel better when you tell the truth.>",
                "<a ask What if {e} is angry?> <b say Maybe for a while. But not for long.>"),
            Beat.Paragraph(
                "{a} took a deep breath and went to {e}. <a say It was me. I am very sorry.>",
                "So {a} stood in front of {e} and told the truth.",
                "<a say I have to tell you something. I did it, and I was afraid to say so.>"),
            Beat.Always(
                "{e} was quiet for a moment. <e say Thank you for telling me. That was brave.>",
                "<e say I am sad about it, but I am glad that you told me.>",
                "{e} did not shout. <e say Things can break. Trust is harder to mend.>"),
            Beat.Always(
                "Then they {repair} together.",
                "{a} {repair}, and {b} helped.",
                "To make it good again, {a} {repair}."),
        ]);
}
