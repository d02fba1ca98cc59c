namespace Hypercompress.Models.Tokenization.Patterns.Matching;

/// <summary>An alternative that is tried when the current way has failed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="At">The instruction to go on at, or the slot.</param>
/// <param name="Position">The position to go on from, or the one that the slot had.</param>
/// <param name="Limit">For taken characters, the position that they begin at; for characters still to be taken, how
/// many more there may be.</param>
internal readonly record struct BacktrackEntry(BacktrackKind Kind, int At, int Position, int Limit = 0);
