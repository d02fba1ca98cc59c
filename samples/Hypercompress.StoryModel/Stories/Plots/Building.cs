namespace Hypercompress.StoryModel.Stories.Plots;

/// <summary>Friends make something; the first try fails; a better idea holds.</summary>
internal static class Building
{
    public static Plot Plot { get; } = new(
        "building",
        ["work", "material", "failure", "fix", "result", "moral", "lesson"],
        [
            [
                "a raft",
                "old logs and a rope",
                "the raft turned over in the water",
                "tied the logs with two ropes instead of one",
                "The raft floated, and they sailed around like captains",
                "a good knot makes a good raft",
                "they sailed on their raft every summer",
            ],
            [
                "a tree house",
                "boards and nails",
                "the floor fell down with a crash",
                "put strong beams under the floor",
                "The tree house was high and safe, with a window to the {place}",
                "strong things need a strong start",
                "the tree house was their secret place",
            ],
            [
                "a bridge over the stream",
                "flat stones and long sticks",
                "the water carried the sticks away",
                "put the biggest stones at the bottom",
                "The bridge held, and even {e} could walk on it",
                "big things begin at the bottom",
                "everyone used the bridge",
            ],
            [
                "a kite",
                "paper and thin sticks",
                "the paper tore in the wind",
                "used light cloth and a longer tail",
                "The kite flew up and up until it was as small as a bird",
                "a second try is better than the first",
                "they flew the kite when the wind was good",
            ],
            [
                "a snow castle",
                "snow and a bucket",
                "the walls fell in",
                "put water on the snow so that it became ice",
                "The castle shone in the sun, and it did not fall",
                "patience makes strong walls",
                "they built a castle every winter",
            ],
            [
                "a little house for the birds",
                "wood from an old box",
                "the roof fell off",
                "cut a better roof and used glue",
                "Soon a small bird moved in and began to sing",
                "work is light when two do it",
                "the birds sang for them every morning",
            ],
        ],
        [
            Beat.Always(
                "<a say I have an idea. Let us build {work}!>",
                "{a?} wanted to build {work}. <b ask May I help?> <a say Of course!>",
                "The two friends had a plan. They would make {work}."),
            Beat.Always(
                "They [found|got|looked for] {material} and started to work.",
                "{e} gave them {material}. They [thanked {e.him}|said thank you] and began.",
                "They used {material}, and they worked [hard|all morning]."),
            Beat.Maybe(
                "{a} did the [holding|cutting], and {b} did the [lifting|counting].",
                "A {creature} came to see what they were doing.",
                "They [sang|talked] while they worked, and the time went by fast."),
            Beat.Paragraph(
                "But when they were nearly done, {failure}.",
                "It looked good. But then {failure}!",
                "They were proud and stepped back to look. Just then, {failure}."),
            Beat.Always(
                "<a sigh All our work was for nothing!>",
                "{a?} was angry and kicked a stone. <a sigh I give up.>",
                "They looked at each other. <b sigh Now it is broken.>"),
            Beat.Always(
                "<b say Let us think. Why did it go wrong?>",
                "{e} came by and looked at it. <e ask What could you do in another way?>",
                "<b say We can try again. Now we know what does not work.>"),
            Beat.Always(
                "{a} thought for a while. Then {a.he} jumped up. <a cry I know!>",
                "They sat down near the {landmark} and made a new plan.",
                "{a?} drew a picture in the sand, and {b} [nodded|added a line]."),
            Beat.Paragraph(
                "This time they {fix}.",
                "They started again, and this time they {fix}. It took [all day|a long time].",
                "The next day they came back and {fix}."),
            Beat.Always(
                "{result}.",
                "They held their breath. {result}!"),
            Beat.Always(
                "<b cry It works! It really works!>",
                "<a cry We did it together!>",
                "{a} and {b} [danced around it|clapped their hands|laughed with joy]."),
        ]);
}
