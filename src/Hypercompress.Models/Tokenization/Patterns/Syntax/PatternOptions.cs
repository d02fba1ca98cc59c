using Hypercompress.Models.Tokenization.Patterns.Characters;

namespace Hypercompress.Models.Tokenization.Patterns.Syntax;

/// <summary>The options that <c>(?…)</c> switches.</summary>
/// <param name="IgnoreCase"><c>i</c>: case does not matter.</param>
/// <param name="DotIsAll"><c>m</c>: the dot matches line feeds, too.</param>
/// <param name="Extended"><c>x</c>: white space and comments in the pattern mean nothing.</param>
/// <param name="AsciiWord"><c>W</c>: <c>\w</c> and <c>\b</c> know ASCII only.</param>
/// <param name="AsciiDigit"><c>D</c>: <c>\d</c> knows ASCII only.</param>
/// <param name="AsciiSpace"><c>S</c>: <c>\s</c> knows ASCII only.</param>
/// <param name="AsciiPosix"><c>P</c>: all of these and the POSIX classes know ASCII only.</param>
internal readonly record struct PatternOptions(
    bool IgnoreCase, bool DotIsAll, bool Extended, bool AsciiWord, bool AsciiDigit, bool AsciiSpace, bool AsciiPosix)
{
    private static readonly CodePointSet Ascii = CodePointSet.Range(0, 0x7F);

    /// <summary>The characters of <c>\w</c> in brackets.</summary>
    public CodePointSet Word => Limited(CharacterProperties.Word, AsciiWord);

    /// <summary>The characters of <c>\w</c> outside of brackets, which are parts of words for <c>\b</c>.</summary>
    public CodePointSet WordAlone => Limited(CharacterProperties.WordAlone, AsciiWord);

    /// <summary>The set of <c>\d</c>.</summary>
    public CodePointSet Digit => Limited(CharacterProperties.Digit, AsciiDigit);

    /// <summary>The set of <c>\s</c>.</summary>
    public CodePointSet Space => Limited(CharacterProperties.Space, AsciiSpace);

    /// <summary>A POSIX class, or null for a name that is not one.</summary>
    /// <param name="name">The name between the colons.</param>
    public CodePointSet? Posix(string name) => name switch
    {
        "punct" => Limited("posixpunct", false),
        "alnum" or "alpha" or "ascii" or "blank" or "cntrl" or "digit" or "graph" or "lower" or "print" or "space"
            or "upper" or "xdigit" or "word" => Limited(name, false),
        _ => null,
    };

    /// <summary>These options with one switched, or null for a letter that is none.</summary>
    /// <param name="letter">The letter.</param>
    /// <param name="on">Whether it is switched on.</param>
    public PatternOptions? With(int letter, bool on) => letter switch
    {
        'i' => this with { IgnoreCase = on },
        'm' => this with { DotIsAll = on },
        'x' => this with { Extended = on },
        'W' => this with { AsciiWord = on },
        'D' => this with { AsciiDigit = on },
        'S' => this with { AsciiSpace = on },
        'P' => this with { AsciiPosix = on },
        _ => null,
    };

    private CodePointSet Limited(string name, bool ascii)
    {
        var set = CharacterProperties.Get(name);
        return ascii || AsciiPosix ? set.Intersect(Ascii) : set;
    }
}
