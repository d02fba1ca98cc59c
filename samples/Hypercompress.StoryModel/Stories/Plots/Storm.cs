namespace Hypercompress.StoryModel.Stories.Plots;

/// <summary>Bad weather comes; friends find shelter and wait; the world is bright afterwards.</summary>
internal static class Storm
{
    public static Plot Plot { get; } = new(
        "a storm",
        ["sign", "trouble", "shelter", "after", "moral", "lesson"],
        [
            [
                "Dark clouds came over the {place}",
                "rain",
                "an old barn",
                "There was a rainbow over the {place}",
                "every storm comes to an end",
                "{a} looked for rainbows after the rain",
            ],
            [
                "The wind became stronger and stronger",
                "wind",
                "a small cave",
                "The air was still, and leaves lay everywhere",
                "it is good to stay close in bad weather",
                "{a} watched the clouds before going out",
            ],
            [
                "It became cold and white flakes began to fall",
                "snow",
                "a little hut",
                "Everything was white and quiet",
                "being warm together is the best kind of warm",
                "they kept dry wood in the little hut",
            ],
            [
                "There was a flash of light and a loud boom",
                "thunder",
                "an empty house",
                "The sun came out, and each leaf had a drop of water on it",
                "it is better to be safe than to be fast",
                "they went home when they saw dark clouds",
            ],
            [
                "A thick fog came from the {place}",
                "fog",
                "a dry place under the bridge",
                "The fog went up like a curtain, and the path was right there",
                "waiting can be the best plan",
                "{a} always carried a little bell",
            ],
        ],
        [
            Beat.Always(
                "They were playing with {an item} and did not look at the sky.",
                "{a} had brought {an item}, and they played with it for a long time.",
                "They were so busy that they did not see what was coming."),
            Beat.Always(
                "{sign}. <b ask What is that?>",
                "Then it happened quickly. {sign}.",
                "{sign}. <a cry We have to go!>"),
            Beat.Always(
                "The {trouble} was so strong that they could not see the way home.",
                "They started to run, but the {trouble} was faster.",
                "<a cry Take my hand!> They ran through the {trouble}."),
            Beat.Maybe(
                "{b} [slipped|fell] and hurt {b.his} knee, but {a} helped {b.him} up.",
                "{a}'s {thing} flew away, but there was no time to look for it.",
                "A {creature} was hiding too, and it looked afraid."),
            Beat.Paragraph(
                "Then {a} saw {shelter}. They went inside and shut out the {trouble}.",
                "<b cry Over there!> There was {shelter}, and they ran inside.",
                "At last they found {shelter}. It was small, but it was dry."),
            Beat.Always(
                "<b whisper I am scared.> <a say I am here with you. It will be over soon.>",
                "{b} was shaking. {a} put {a.his} coat around {b.him}.",
                "They sat close together. <a say Let us tell stories until it is over.>"),
            Beat.Always(
                "They told [funny|old] stories and sang songs, and they forgot to be afraid.",
                "{a} had some bread in {a.his} bag, and they shared it.",
                "They counted to a hundred, and then they counted again.",
                "Outside it was loud, but inside they began to laugh."),
            Beat.Paragraph(
                "After a long time it became quiet. {after}.",
                "When they looked out, the {trouble} was over. {after}.",
                "Slowly the sky became light. {after}."),
            Beat.Always(
                "<a cry How beautiful!> They stood still and looked.",
                "Then they heard a voice. It was {e}, who had looked for them everywhere.",
                "On the way home they found the {thing} near the {landmark}. It was [wet|dirty], but {a} was glad.",
                "<b say You kept me calm. Thank you.>"),
        ]);
}
