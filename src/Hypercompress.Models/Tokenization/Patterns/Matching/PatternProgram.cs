using System.Collections.Immutable;
using Hypercompress.Models.Tokenization.Patterns.Characters;
using Hypercompress.Models.Tokenization.Patterns.Syntax;

namespace Hypercompress.Models.Tokenization.Patterns.Matching;

/// <summary>A regular expression as instructions for a <see cref="Matcher"/>.</summary>
/// <param name="Code">The instructions; the first one begins a match.</param>
/// <param name="First">The characters that a match begins with; null where it may be empty, or nothing is
/// known.</param>
internal sealed record PatternProgram(Instruction[] Code, CodePointSet? First)
{
    /// <summary>The number of positions that a match notes.</summary>
    public int Slots { get; init; }

    /// <summary>The slot of the position that the match begins at instead of its own; -1 for none.</summary>
    public int KeepSlot { get; init; } = -1;

    /// <summary>The slots of the groups of each back reference: where the group begins; the one after it has where it
    /// ends.</summary>
    public ImmutableArray<ImmutableArray<int>> References { get; init; } = [];

    /// <summary>The reach of each look-behind.</summary>
    public ImmutableArray<Reach> Reaches { get; init; } = [];

    /// <summary>Compiles a regular expression.</summary>
    /// <param name="pattern">The regular expression, in Oniguruma's syntax.</param>
    /// <exception cref="ArgumentException">It is malformed, too large, or has a construct that is not
    /// supported.</exception>
    public static PatternProgram Compile(string pattern)
    {
        // A program grows in proportion to its pattern, whatever numbers are in braces.
        int most = 1024 + (16 * pattern.Length);
        return new ProgramWriter(most).Write(PatternParser.Parse(pattern));
    }
}
