namespace Hypercompress.StoryModel.Stories;

/// <summary>How stories begin and end, whatever their plot.</summary>
internal static class Frames
{
    public static Beat[] Opening { get; } =
    [
        Beat.Always(
            "Once upon a time there was {an a.trait} {a.kind} [named|called] {a}.",
            "Once there was {an a.trait} little {a.kind} whose name was {a}.",
            "{a} was {an a.trait} {a.kind} who [loved|liked] to {hobby}.",
            "There once lived {an a.trait} {a.kind} [named|called] {a}.",
            "In a small house near the {place} lived {an a.trait} {a.kind} [named|called] {a}.",
            "Long ago, {an a.trait} {a.kind} [named|called] {a} lived near the {place}."),
        Beat.Maybe(
            "{a?} [loved|liked] to {hobby}, and {a.he} did it [every day|almost every day|whenever {a.he} could].",
            "{a?} lived with {e} [not far from|close to|next to] the {place}.",
            "[Every morning|After breakfast|Every evening], {a?} [loved|liked] to {hobby}.",
            "Everyone [said|knew] that {a?} was very {a.trait}."),
        Beat.Always(
            "{a?} had [a good|a dear|one best] friend, {an b.trait} {b.kind} [named|called] {b}.",
            "{a.his} best friend was {b}, {an b.trait} {b.kind}.",
            "{a?} and {an b.kind} [named|called] {b} were [best friends|good friends|always together]."),
    ];

    public static Beat Scene { get; } = new(
        [
            "One [day|morning|afternoon], {a} and {b} [went|walked|ran] to the {place}. {weather}",
            "One [day|morning|afternoon], {a} [met|found|waited for] {b} {in}. {weather}",
            "{weather} {a} and {b} were {in}, near the {landmark}.",
            "One [sunny|quiet|cool] [day|morning|afternoon], the two friends were {in}. {weather}",
            "On [Monday|Sunday|Friday|Saturday], {a} [asked|invited] {b} to come to the {place}. {weather}",
        ],
        1,
        true);

    public static Beat[] Ending { get; } =
    [
        new(
            [
                "When the sun went down, {a} and {b} walked home [together|side by side|hand in hand].",
                "That evening, {a} told {e} [everything|the whole story|all about it], and {e.he} "
                    + "[smiled|nodded|listened well].",
                "In the evening they sat by the fire and ate {food}.",
                "That night, {a} [fell asleep|went to bed|lay in bed] with a [smile|happy heart].",
                "Later, {e} made {food} for everyone, and they [ate|laughed|talked] until it was dark.",
            ],
            0.85,
            true),
        Beat.Maybe(
            "{a?} felt [happy|proud|warm inside|very happy].",
            "It had been [a long day|a good day|a day to remember].",
            "<e say I am proud of you.>",
            "<b say You are a good friend.>",
            "<a say Today was a good day.>"),
    ];

    public static Beat LastLine { get; } = Beat.Always(
        "From that day on, {lesson}.",
        "And {a} never forgot that {moral}.",
        "{a} had learned that {moral}.",
        "And so {a} and {b} [stayed|were] friends for a long, long time.",
        "After that, {lesson}.");
}
