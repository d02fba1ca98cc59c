namespace Hypercompress.StoryModel.Stories.Plots;

/// <summary>A small creature is in trouble and two friends help it.</summary>
internal static class Rescue
{
    public static Plot Plot { get; } = new(
        "a rescue",
        ["who", "state", "plan", "done", "thanks", "moral", "lesson"],
        [
            [
                "a small bird",
                "It had a hurt wing and could not fly",
                "made a soft nest in {an other} and fed it with seeds",
                "After two weeks the wing was strong again, and the bird flew up into the sky",
                "the bird sang at {a}'s window",
                "every small life matters",
                "a bird sang for {a} every morning",
            ],
            [
                "a young {creature}",
                "It was stuck under a fallen branch",
                "lifted the branch with a long stick",
                "The branch moved, and it was free",
                "it came back with its whole family",
                "being small is no reason to be left alone",
                "{a} looked under every fallen branch",
            ],
            [
                "a little kitten",
                "It sat high up in a tree and could not come down",
                "held a blanket under the tree and called to it",
                "It jumped and landed right in the middle",
                "it followed {a} home",
                "patience is stronger than pulling",
                "the kitten slept on {a}'s bed",
            ],
            [
                "a tired bee",
                "It lay on the path and did not move",
                "gave it a drop of sweet water on a spoon",
                "The bee drank, shook its wings, and flew away",
                "there was a bit of honey on {a}'s door step",
                "a drop of help can be enough",
                "{a} always had a spoon of sweet water ready",
            ],
            [
                "a small fish",
                "It was caught in a puddle that was getting dry",
                "carried it in {an item} to the river",
                "It swam in a circle and was gone in a moment",
                "it jumped out of the water as if to say hello",
                "helping makes the heart light",
                "{a} waved to the fish in the river",
            ],
        ],
        [
            Beat.Always(
                "They were [talking|playing] when {a} heard a small sound.",
                "Suddenly {b} stopped. <b ask Did you hear that?>",
                "On the way {a} saw something near the {landmark}."),
            Beat.Always(
                "It was {who}. {state}.",
                "There was {who}! {state}.",
                "They came closer and saw {who}. {state}."),
            Beat.Always(
                "<a say Poor little one! We have to help.>",
                "<b ask What can we do?> <a say We cannot leave it here.>",
                "{a} [knelt|sat] down. <a whisper Do not be afraid.>"),
            Beat.Maybe(
                "It looked at them with big, frightened eyes.",
                "<b say Be careful. Move slowly.>",
                "At first it was afraid of them, but {a} spoke in a soft voice."),
            Beat.Paragraph(
                "{a} tried, but it did not work. <a sigh I do not know how.>",
                "They tried once, and they tried twice, but it was too hard.",
                "{b} ran to {e} and asked what to do."),
            Beat.Always(
                "<e say You need gentle hands and a good plan.>",
                "Then {b} had an idea, and {a} nodded.",
                "<e say Stay calm, and it will stay calm too.>"),
            Beat.Always(
                "Together they {plan}.",
                "So they {plan}.",
                "{a} and {b} {plan}, very slowly and with great care."),
            Beat.Paragraph(
                "{done}. <a cry Hurray!>",
                "It took time, but it worked. {done}.",
                "And then the best thing happened. {done}."),
            Beat.Always(
                "<b say Goodbye, little one! Be careful!>",
                "They waved for a long time.",
                "{a} was happy, but also a little sad. <a say I will miss it.>"),
            Beat.Always(
                "The next day {thanks}.",
                "Some days later, {thanks}. <b laugh It says thank you!>"),
        ]);
}
