namespace Hypercompress.Models.Tokenization.Patterns.Matching;

/// <summary>The kinds of a <see cref="BacktrackEntry"/>.</summary>
internal enum BacktrackKind
{
    /// <summary>Go on at another instruction.</summary>
    Elsewhere,

    /// <summary>Give back one of the characters that were taken, and go on.</summary>
    OneFewer,

    /// <summary>Take one more character, and go on.</summary>
    OneMore,

    /// <summary>Put the position in a slot back, and look further.</summary>
    Restore,
}
