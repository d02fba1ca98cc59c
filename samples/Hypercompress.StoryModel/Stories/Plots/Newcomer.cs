namespace Hypercompress.StoryModel.Stories.Plots;

/// <summary>Somebody new is alone and shy; one small kindness makes a friend.</summary>
internal static class Newcomer
{
    public static Plot Plot { get; } = new(
        "a new friend",
        ["sit", "do", "skill", "moral", "lesson"],
        [
            [
                "all alone under the {landmark}",
                "play ball",
                "could throw farther than anyone",
                "a friend can be anyone you have not met yet",
                "the three of them played every day",
            ],
            [
                "behind the {landmark} with a book",
                "hear a story",
                "knew the best stories",
                "quiet friends have much to tell",
                "they listened to a new story every evening",
            ],
            [
                "far away from the others",
                "fly a kite",
                "knew all about the wind",
                "everyone is good at something",
                "they flew kites whenever it was windy",
            ],
            [
                "near the path and looked at the ground",
                "make music",
                "could play the flute like a bird",
                "a kind word opens a door",
                "there was music {in} every evening",
            ],
            [
                "on a stone and said nothing",
                "look for treasure",
                "could read old maps",
                "it is good to make the first step",
                "they went on many adventures together",
            ],
        ],
        [
            Beat.Always(
                "That day there was somebody new. {n}, {an n.kind}, sat {sit}.",
                "{an n.kind} they did not know sat {sit}. It was {n}, who was new {in}.",
                "A new family had come to live near the {place}. Their young one, {n}, sat {sit}."),
            Beat.Always(
                "<b ask Why does {n.he} not play with anyone?> <a say Maybe {n.he} is shy.>",
                "{n?} looked sad. Nobody had talked to {n.him} all day.",
                "<b whisper Who is that?> <a say I do not know. Let us ask.>"),
            Beat.Maybe(
                "Some of the others [laughed|pointed] and ran away.",
                "{a} remembered how it felt to be new and alone.",
                "<b say We have enough friends.> But {a} did not think so."),
            Beat.Paragraph(
                "{a} went over with {an item}. <a say Hello, I am {a}. What is your name?>",
                "{a} took {a.his} {item} and walked up to {n.him}. <a ask Would you like to {do} with us?>",
                "<a say Hello! We want to {do}. Will you come?>"),
            Beat.Always(
                "{n} did not answer at first. <n whisper I am {n}.>",
                "{n} looked up. <n whisper Do you mean me?>",
                "{n} was so shy that {n.he} could only nod."),
            Beat.Always(
                "<b say Come on! You can have the first turn.>",
                "<a say You can use my {thing}.> {a} held it out.",
                "{b} smiled too. <b say We can all {do} together.>"),
            Beat.Paragraph(
                "So the three of them went to {do}. It turned out that {n} {skill}!",
                "Soon they found out that {n} {skill}. <b cry How do you do that?>",
                "And what a surprise! {n} {skill}."),
            Beat.Always(
                "{n} began to smile. <n say I can show you, if you like.>",
                "<n laugh It is not hard. Look, you do it like this.>",
                "{a} and {b} had never seen anything like it."),
            Beat.Always(
                "They laughed and played until {e} called them.",
                "By evening it was as if they had always known each other.",
                "<n say I was afraid that nobody would like me.> <a say We are glad that you came.>"),
        ]);
}
