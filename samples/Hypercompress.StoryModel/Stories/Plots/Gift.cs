namespace Hypercompress.StoryModel.Stories.Plots;

/// <summary>Somebody wants to give a present, has no money, and makes something better.</summary>
internal static class Gift
{
    public static Plot Plot { get; } = new(
        "a gift",
        ["occasion", "present", "making", "moral", "lesson"],
        [
            [
                "{b}'s birthday",
                "a picture of the {place}",
                "painted from morning until night",
                "a gift from the heart is the best gift",
                "the picture hung over {b}'s bed",
            ],
            [
                "{b}'s birthday",
                "a song with {b}'s name in it",
                "wrote the words and learned the tune",
                "a present does not need to cost anything",
                "{b} sang the song every day",
            ],
            [
                "the winter feast",
                "a warm scarf",
                "learned to knit from {e}",
                "it is the thought that counts",
                "{b} wore the scarf all winter",
            ],
            [
                "{b}'s birthday",
                "a small wooden boat",
                "cut and sanded a piece of wood",
                "the time we give is a gift too",
                "they sailed the little boat together",
            ],
            [
                "the spring feast",
                "a box full of shells and smooth stones",
                "walked along the water and looked for the finest ones",
                "small things can bring great joy",
                "{b} kept the box by the window",
            ],
            [
                "{b}'s birthday",
                "a cake with berries on top",
                "baked with {e} and burned the first cake",
                "something made with love is always good",
                "they baked a cake together every year",
            ],
        ],
        [
            Beat.Always(
                "{a?} had a problem. The next day was {occasion}, and {a.he} had no present.",
                "Soon it would be {occasion}, and {a} wanted to give {b} something special.",
                "<a whisper Tomorrow is {occasion}. What can I give to {b}?>"),
            Beat.Always(
                "At the market {a?} saw {an item}. It was [beautiful|perfect], but it cost too much.",
                "{a?} looked at {an item} in a shop, but {a.he} had only two coins.",
                "{a?} counted {a.his} coins. There were only three, and {an item} cost ten."),
            Beat.Always(
                "{a?} went home with empty hands. <a sigh I have nothing to give.>",
                "{a?} felt sad and sat by the {landmark}.",
                "<a sigh {b} will think that I forgot.>"),
            Beat.Paragraph(
                "{e} saw {a}'s sad face. <e ask What is wrong?>",
                "Then {e} came and sat down next to {a.him}. <e ask Why are you so sad?>",
                "{a} told {e} about the {thing} and the coins."),
            Beat.Always(
                "<e say The best presents are not in a shop. What can you make with your own hands?>",
                "<e say {b} does not need {an item}. Give something that only you can give.>",
                "<e ask What does {b} like best?> {a} thought about it, and then {a.he} smiled."),
            Beat.Always(
                "{a} had an idea. {a?} would make {present}!",
                "<a cry I know! I will make {present}.>",
                "So {a} decided to make {present}."),
            Beat.Always(
                "{a?} {making}. It was not easy.",
                "{a?} {making}, and {a.he} did not stop until it was right.",
                "That evening {a} {making}. {e} helped a little."),
            Beat.Paragraph(
                "When the day came, {a} was nervous. <a say I made this for you.>",
                "The next day {a} went to {b} with the present behind {a.his} back.",
                "All the friends brought big presents. {a}'s present was small. <a whisper I hope you like it.>"),
            Beat.Always(
                "It was {present}. {b} looked at it, and {b.his} eyes became big.",
                "{b} opened it [slowly|with care] and found {present}.",
                "{b} could not believe it. It was {present}, made just for {b.him}."),
            Beat.Always(
                "<b cry This is the best present of all!>",
                "<b ask Did you make this yourself?> <a say Yes, I did.> <b say I love it.>",
                "{b} hugged {a}. <b say Nobody has ever made something for me.>"),
        ]);
}
