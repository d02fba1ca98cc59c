namespace Hypercompress.StoryModel.Stories.Plots;

/// <summary>Work looks boring; somebody needs help; work together becomes a game.</summary>
internal static class Helping
{
    public static Plot Plot { get; } = new(
        "helping",
        ["job", "why", "game", "reward", "moral", "lesson"],
        [
            [
                "pick all the apples",
                "the rain was coming",
                "they made a game of who could fill a basket first",
                "a big apple pie",
                "many hands make the work light",
                "{a} was the first to help",
            ],
            [
                "clean the whole house",
                "a guest was coming",
                "they danced with the broom and sang",
                "a story by the fire",
                "work can be fun",
                "{a} sang while cleaning",
            ],
            [
                "carry the wood inside",
                "the nights were getting cold",
                "they made a long line and passed the wood along",
                "hot milk for everyone",
                "a cold night is warm when all have helped",
                "they carried wood together every fall",
            ],
            [
                "find the lost sheep",
                "the gate was left open",
                "they pretended to be brave explorers",
                "a ride on the wagon",
                "helping is an adventure too",
                "{a} always closed the gate",
            ],
            [
                "bake bread for the market",
                "there was no time left",
                "they made funny shapes out of the dough",
                "the first warm bread",
                "what we make together tastes best",
                "they baked every Saturday",
            ],
            [
                "wash all the windows",
                "nobody could see out of them",
                "they drew faces with the soap",
                "two silver coins",
                "a job well done makes us proud",
                "{a} never said no to work",
            ],
        ],
        [
            Beat.Always(
                "{e} came by and looked [tired|worried]. <e say I have to {job}, because {why}.>",
                "<e ask Can you help me {job}? I need help, because {why}.>",
                "There they met {e}, who had to {job} because {why}."),
            Beat.Always(
                "<a say I do not want to work. I want to play.>",
                "{a} made a face. {a?} wanted to play with {a.his} {item}.",
                "<a sigh That is so boring.> {a?} sat down with {a.his} {item}."),
            Beat.Always(
                "But {b} stood up. <b say I will help you.>",
                "{b} did not think twice and went along.",
                "<b say If nobody helps, it will take all night.> {b?} went to work."),
            Beat.Maybe(
                "{e} smiled at {b}, but {e.he} looked at {a} and said nothing.",
                "<e say Thank you, {b}. You have a good heart.>",
                "The {creature} seemed to look at {a} and shake its head."),
            Beat.Paragraph(
                "So {a} was alone with the {thing}. After a while {a.he} heard the others laugh.",
                "{a} played alone, but it was not much fun. And what was that sound? The others were laughing!",
                "{a} watched them from far away. They did not look sad at all."),
            Beat.Always(
                "{a} went to look, and {a.he} saw that {game}.",
                "{a?} came closer. To make the work fun, {game}.",
                "How could work be fun? Then {a} saw it. {game}!"),
            Beat.Always(
                "<a ask Can I help too?> <b say Of course you can!>",
                "{a} put the {thing} away. <a say I am sorry. I want to help now.>",
                "<a say I was lazy. Let me help.> {e} gave {a.him} a smile."),
            Beat.Paragraph(
                "With three of them the work went fast, and soon it was done.",
                "They worked until the sun was low. Then everything was done.",
                "{a} worked harder than anyone, and {a.he} laughed a lot."),
            Beat.Always(
                "<e say Now you shall have {reward}.>",
                "As a thank you, {e} gave them {reward}.",
                "<e say I could not have done it without you.> And there was {reward}."),
            Beat.Always(
                "<b say See? That was better than playing alone.> {a} had to agree.",
                "{a} looked at {a.his} dirty hands and was proud.",
                "<a say Next time I will be the first to help.>"),
        ]);
}
