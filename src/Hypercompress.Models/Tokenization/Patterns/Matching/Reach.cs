namespace Hypercompress.Models.Tokenization.Patterns.Matching;

/// <summary>How far back a part may begin that has to end at a position.</summary>
/// <param name="Min">The least number of characters.</param>
/// <param name="Max">The largest number of characters; <see cref="int.MaxValue"/> for any number.</param>
/// <param name="Negative">Whether the part has not to fit.</param>
internal readonly record struct Reach(int Min, int Max, bool Negative);
