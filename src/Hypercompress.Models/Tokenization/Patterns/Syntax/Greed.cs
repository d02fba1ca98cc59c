namespace Hypercompress.Models.Tokenization.Patterns.Syntax;

/// <summary>How often a repeated part is tried first.</summary>
internal enum Greed
{
    /// <summary>As often as possible, then less often.</summary>
    Greedy,

    /// <summary>As rarely as possible, then more often.</summary>
    Lazy,

    /// <summary>As often as possible, and never less often.</summary>
    Possessive,
}
