using System.Text;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization.Patterns;

namespace Hypercompress.Models.Tokenization.PreTokenizers;

/// <summary>Builds the pre-tokenizer that a tokenizer file describes.</summary>
internal static class PreTokenizerReader
{
    /// <exception cref="Errors.CheckpointException">A type that is not known, or a value that does not fit
    /// it.</exception>
    public static IPreTokenizer Read(JsonPart? part) =>
        part is { } found ? ReadOne(found) : new SequencePreTokenizer([]);

    private static IPreTokenizer ReadOne(JsonPart part) => part.Type switch
    {
        "Sequence" => new SequencePreTokenizer([.. part.Required("pretokenizers").Items().Select(ReadOne)]),
        "Split" => new SplitPreTokenizer(
            PatternReader.Read(part.Required("pattern")), Behavior(part, null), part.Flag("invert")),
        "ByteLevel" => new ByteLevelPreTokenizer(part.Flag("add_prefix_space", true), part.Flag("use_regex", true)),
        "Metaspace" => ReadMetaspace(part),
        "Digits" => new SplitPreTokenizer(
            new RunePattern(CharacterClasses.IsNumeric),
            part.Flag("individual_digits") ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
        "Whitespace" => new SplitPreTokenizer(new WordPattern(), SplitBehavior.Removed, invert: true),
        "WhitespaceSplit" => new SplitPreTokenizer(new RunePattern(Rune.IsWhiteSpace), SplitBehavior.Removed),
        "Punctuation" => new SplitPreTokenizer(
            new RunePattern(CharacterClasses.IsPunctuation), Behavior(part, SplitBehavior.Isolated)),
        "CharDelimiterSplit" => new SplitPreTokenizer(
            new LiteralPattern(SingleCharacter(part, "delimiter").ToString()), SplitBehavior.Removed),
        "BertPreTokenizer" => new SequencePreTokenizer([
            new SplitPreTokenizer(new RunePattern(Rune.IsWhiteSpace), SplitBehavior.Removed),
            new SplitPreTokenizer(new RunePattern(CharacterClasses.IsPunctuation), SplitBehavior.Isolated)]),
        var other => throw part.Problem($"is a pre-tokenizer of type '{other}', which is not supported"),
    };

    private static MetaspacePreTokenizer ReadMetaspace(JsonPart part)
    {
        // Files from before the schemes only say whether a space is put in front.
        string scheme = part.OptionalText("prepend_scheme")
            ?? (part.Flag("add_prefix_space", true) ? "always" : "never");
        var prepend = scheme switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            _ => throw part.Problem($"has the prepend_scheme '{scheme}', expected always, first or never"),
        };
        return new MetaspacePreTokenizer(SingleCharacter(part, "replacement"), prepend, part.Flag("split", true));
    }

    private static SplitBehavior Behavior(JsonPart part, SplitBehavior? absent)
    {
        if (part.OptionalText("behavior") is not { } name)
        {
            return absent ?? throw part.Problem("has no 'behavior'");
        }

        return Enum.TryParse<SplitBehavior>(name, out var behavior) && Enum.GetName(behavior) == name
            ? behavior
            : throw part.Problem($"has the behavior '{name}', which is not known");
    }

    internal static char SingleCharacter(JsonPart part, string key)
    {
        string text = part.Text(key);
        return text.Length == 1
            ? text[0]
            : throw part.Required(key).Problem($"is '{text}', expected one character of the basic plane");
    }
}
