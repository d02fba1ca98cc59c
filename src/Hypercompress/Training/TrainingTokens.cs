using System.Collections.Immutable;

namespace Hypercompress.Training;

/// <summary>
/// The texts of a training run as token ids. Texts take turns, window by window, until the shorter ones are through.
/// </summary>
/// <param name="Training">The texts to train on.</param>
/// <param name="HeldOut">The texts whose perplexity is measured; none to measure none.</param>
public sealed record TrainingTokens(
    ImmutableArray<ImmutableArray<int>> Training, ImmutableArray<ImmutableArray<int>> HeldOut)
{
    /// <summary>The tokens of all texts to train on.</summary>
    internal long TrainingCount => Training.Sum(text => (long)text.Length);

    /// <summary>One text, and one that is held out.</summary>
    /// <param name="training">The text to train on.</param>
    /// <param name="heldOut">The text whose perplexity is measured; empty to measure none.</param>
    /// <returns>The texts.</returns>
    public static TrainingTokens Of(ImmutableArray<int> training, ImmutableArray<int> heldOut) =>
        new([training], [heldOut]);

    /// <summary>The first window of each text, then the second of each that has one, and so on.</summary>
    /// <param name="texts">The windows of every text.</param>
    internal static IEnumerable<TWindow> InTurns<TWindow>(IReadOnlyList<TWindow[]> texts) =>
        from turn in Enumerable.Range(0, texts.Max(text => text.Length))
        from text in texts
        where turn < text.Length
        select text[turn];
}
