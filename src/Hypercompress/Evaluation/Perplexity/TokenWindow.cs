namespace Hypercompress.Evaluation.Perplexity;

/// <summary>A run of tokens that a model reads at once, and the part of it that is scored.</summary>
/// <param name="Start">0-based position of its first token in the text.</param>
/// <param name="Length">Tokens that the model reads, at least 2.</param>
/// <param name="FirstTarget">
/// 0-based position inside the window of the first token that is scored, at least 1; all later ones are scored too.
/// </param>
internal sealed record TokenWindow(int Start, int Length, int FirstTarget)
{
    /// <summary>Number of tokens that are scored.</summary>
    public int Targets => Length - FirstTarget;
}
