using System.Collections.Immutable;
using System.Globalization;
using static System.Globalization.UnicodeCategory;

namespace Hypercompress.Models.Tokenization.Patterns.Characters;

/// <summary>A general category of Unicode, or a group of them.</summary>
/// <param name="ShortName">The short name, in lower case.</param>
/// <param name="LongName">The long name, in lower case and without underscores.</param>
/// <param name="Members">The categories of .NET that it has.</param>
internal sealed record CategoryNames(string ShortName, string LongName, ImmutableArray<UnicodeCategory> Members)
{
    /// <summary>All categories and groups.</summary>
    public static IReadOnlyList<CategoryNames> All { get; } =
    [
        new("lu", "uppercaseletter", [UppercaseLetter]),
        new("ll", "lowercaseletter", [LowercaseLetter]),
        new("lt", "titlecaseletter", [TitlecaseLetter]),
        new("lm", "modifierletter", [ModifierLetter]),
        new("lo", "otherletter", [OtherLetter]),
        new("lc", "casedletter", [UppercaseLetter, LowercaseLetter, TitlecaseLetter]),
        new("l", "letter", [UppercaseLetter, LowercaseLetter, TitlecaseLetter, ModifierLetter, OtherLetter]),
        new("mn", "nonspacingmark", [NonSpacingMark]),
        new("mc", "spacingmark", [SpacingCombiningMark]),
        new("me", "enclosingmark", [EnclosingMark]),
        new("m", "mark", [NonSpacingMark, SpacingCombiningMark, EnclosingMark]),
        new("m", "combiningmark", [NonSpacingMark, SpacingCombiningMark, EnclosingMark]),
        new("nd", "decimalnumber", [DecimalDigitNumber]),
        new("nl", "letternumber", [LetterNumber]),
        new("no", "othernumber", [OtherNumber]),
        new("n", "number", [DecimalDigitNumber, LetterNumber, OtherNumber]),
        new("pc", "connectorpunctuation", [ConnectorPunctuation]),
        new("pd", "dashpunctuation", [DashPunctuation]),
        new("ps", "openpunctuation", [OpenPunctuation]),
        new("pe", "closepunctuation", [ClosePunctuation]),
        new("pi", "initialpunctuation", [InitialQuotePunctuation]),
        new("pf", "finalpunctuation", [FinalQuotePunctuation]),
        new("po", "otherpunctuation", [OtherPunctuation]),
        new("p", "punctuation", [ConnectorPunctuation, DashPunctuation, OpenPunctuation, ClosePunctuation,
            InitialQuotePunctuation, FinalQuotePunctuation, OtherPunctuation]),
        new("sm", "mathsymbol", [MathSymbol]),
        new("sc", "currencysymbol", [CurrencySymbol]),
        new("sk", "modifiersymbol", [ModifierSymbol]),
        new("so", "othersymbol", [OtherSymbol]),
        new("s", "symbol", [MathSymbol, CurrencySymbol, ModifierSymbol, OtherSymbol]),
        new("zs", "spaceseparator", [SpaceSeparator]),
        new("zl", "lineseparator", [LineSeparator]),
        new("zp", "paragraphseparator", [ParagraphSeparator]),
        new("z", "separator", [SpaceSeparator, LineSeparator, ParagraphSeparator]),
        new("cc", "control", [Control]),
        new("cf", "format", [Format]),
        new("cs", "surrogate", [Surrogate]),
        new("co", "privateuse", [PrivateUse]),
        new("cn", "unassigned", [OtherNotAssigned]),
        new("c", "other", [Control, Format, Surrogate, PrivateUse, OtherNotAssigned]),
    ];
}
