namespace Hypercompress.StoryModel.Stories;

/// <summary>The words that stories are made of.</summary>
internal static class World
{
    public static IReadOnlyDictionary<string, string[]> SpeechVerbs { get; } = new Dictionary<string, string[]>
    {
        ["say"] = ["said"],
        ["ask"] = ["asked"],
        ["cry"] = ["cried", "shouted", "called"],
        ["laugh"] = ["laughed", "giggled"],
        ["whisper"] = ["whispered", "said softly"],
        ["sigh"] = ["sighed", "said sadly", "sobbed"],
    };

    public static string[] BoyNames { get; } =
        ["Tom", "Ben", "Leo", "Sam", "Max", "Finn", "Oscar", "Theo", "Jack", "Noah", "Omar", "Hugo", "Eli", "Kofi"];

    public static string[] GirlNames { get; } =
        ["Lily", "Mia", "Anna", "Zoe", "Ruby", "Ella", "Nora", "Ivy", "Maya", "Rosa", "Clara", "Lucy", "Amy", "Sana"];

    public static string[] AnimalBoyNames { get; } = ["Pip", "Bruno", "Milo", "Toby", "Rusty", "Otto", "Gus", "Basil"];

    public static string[] AnimalGirlNames { get; } =
        ["Dot", "Hazel", "Poppy", "Luna", "Daisy", "Willow", "Tess", "Fern"];

    public static string[] AnimalKinds { get; } =
        ["rabbit", "fox", "bear", "mouse", "squirrel", "duck", "hedgehog", "frog", "badger", "otter", "cat", "dog"];

    public static string[] Traits { get; } =
        ["kind", "brave", "curious", "clever", "quiet", "cheerful", "shy", "friendly", "careful", "lively", "gentle"];

    public static Character[] HumanElders { get; } =
    [
        new("Mama", "mother", "patient", Pronouns.She), new("Papa", "father", "patient", Pronouns.He),
        new("Grandma", "grandmother", "wise", Pronouns.She), new("Grandpa", "grandfather", "wise", Pronouns.He),
        new("Aunt May", "aunt", "cheerful", Pronouns.She), new("Uncle Joe", "uncle", "funny", Pronouns.He),
    ];

    public static Character[] AnimalElders { get; } =
    [
        new("the old owl", "owl", "wise", Pronouns.She), new("the wise turtle", "turtle", "wise", Pronouns.He),
        new("the kind goose", "goose", "kind", Pronouns.She), new("the big moose", "moose", "patient", Pronouns.He),
        new("Mama", "mother", "patient", Pronouns.She), new("Grandpa", "grandfather", "wise", Pronouns.He),
    ];

    public static string[] Colors { get; } =
        ["red", "blue", "green", "yellow", "orange", "purple", "white", "brown", "pink", "silver"];

    public static string[] Things { get; } =
    [
        "ball", "kite", "hat", "boat", "drum", "bell", "book", "blanket", "lantern", "scarf", "basket", "whistle",
        "wagon", "cup", "key", "box", "bag", "shell", "coat", "ribbon", "flute", "umbrella", "marble", "feather",
    ];

    /// <summary>
    /// Place, its preposition, something that grows or stands there, and something small that lives there.
    /// </summary>
    public static string[][] Places { get; } =
    [
        ["park", "in", "bench", "bird"], ["garden", "in", "rose bush", "bee"], ["forest", "in", "oak tree", "deer"],
        ["beach", "on", "rock", "crab"],
        ["meadow", "in", "stone wall", "butterfly"], ["hill", "on", "pine tree", "goat"],
        ["village", "in", "well", "hen"], ["market", "at", "fruit stand", "pigeon"], ["farm", "on", "red barn", "lamb"],
        ["lake", "by", "wooden bridge", "swan"],
        ["river", "by", "willow tree", "fish"], ["pond", "by", "hollow log", "frog"],
        ["valley", "in", "apple tree", "sheep"], ["field", "in", "hay stack", "cow"],
    ];

    public static string[] Foods { get; } =
    [
        "apple pie", "warm soup", "bread and honey", "berry cake", "pancakes", "ginger cookies", "corn and beans",
        "cheese rolls", "plum jam", "nut bread", "hot milk", "pear tart",
    ];

    public static string[] Hobbies { get; } =
    [
        "sing", "draw pictures", "climb trees", "look at the clouds", "count the stars", "dance", "tell jokes",
        "collect stones", "read books", "play outside", "watch the birds", "splash in puddles", "make things",
    ];

    public static string[] Weathers { get; } =
    [
        "The sun was shining and the sky was [blue|clear].", "It was a [warm|bright|lovely] day.",
        "A [soft|cool|light] wind was blowing.", "There were [a few|many] white clouds in the sky.",
        "The air was [cold|fresh] and the grass was wet.", "It was a [grey|cloudy] day, but it did not rain.",
        "The [birds|bees] were busy and the air smelled of flowers.", "Yellow leaves were falling from the trees.",
        "The snow was gone and spring was near.",
    ];
}
