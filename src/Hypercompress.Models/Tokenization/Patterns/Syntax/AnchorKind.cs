namespace Hypercompress.Models.Tokenization.Patterns.Syntax;

/// <summary>A condition on the position in the text.</summary>
internal enum AnchorKind
{
    /// <summary><c>^</c>: the text or a line begins here.</summary>
    LineStart,

    /// <summary><c>$</c>: the text or a line ends here.</summary>
    LineEnd,

    /// <summary><c>\A</c>: the text begins here.</summary>
    TextStart,

    /// <summary><c>\z</c>: the text ends here.</summary>
    TextEnd,

    /// <summary><c>\Z</c>: the text ends here, or after one line feed.</summary>
    TextEndOrLastLineFeed,

    /// <summary><c>\G</c>: the match before this one has ended here.</summary>
    SearchStart,

    /// <summary><c>\b</c>: a word begins or ends here.</summary>
    WordBoundary,

    /// <summary><c>\B</c>: no word begins or ends here.</summary>
    NotWordBoundary,

    /// <summary><c>\K</c>: always fits; the match begins here.</summary>
    Keep,
}
