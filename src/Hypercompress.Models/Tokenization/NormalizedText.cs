namespace Hypercompress.Models.Tokenization;

/// <summary>A text on its way through the normalizers.</summary>
/// <param name="Text">The text.</param>
/// <param name="StartsInput">Whether its first character stands for the first one of the caller's input.</param>
/// <param name="Budget">The work that may be spent on it.</param>
internal readonly record struct NormalizedText(string Text, bool StartsInput, WorkBudget Budget)
{
    /// <summary>A text that is not part of another one.</summary>
    public NormalizedText(string text)
        : this(text, StartsInput: true, new WorkBudget(text.Length))
    {
    }

    /// <summary>The text that a normalizer has made of this one.</summary>
    /// <param name="text">The new text.</param>
    /// <exception cref="WorkBudgetException">The text grows out of proportion.</exception>
    public NormalizedText With(string text)
    {
        Budget.Spend(text.Length);
        return this with { Text = text };
    }

    /// <summary>A part of it.</summary>
    public NormalizedText Slice(TextRange range) => range.Length == Text.Length ? this : this with
    {
        Text = Text.Substring(range.Start, range.Length),
        StartsInput = StartsInput && range.Start == 0,
    };
}
