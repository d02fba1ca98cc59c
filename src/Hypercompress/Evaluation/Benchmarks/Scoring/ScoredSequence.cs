namespace Hypercompress.Evaluation.Benchmarks.Scoring;

/// <summary>Tokens whose end is scored.</summary>
/// <param name="Ids">The tokens that fit into the model's context, context first.</param>
/// <param name="Scored">How many of the last ones are scored: at least 1, fewer than all.</param>
/// <param name="Truncated">Whether tokens were cut off at the left to make it fit.</param>
public sealed record ScoredSequence(int[] Ids, int Scored, bool Truncated)
{
    /// <summary>Tokens that the model reads: all but the last one, which is only predicted.</summary>
    public int InputLength => Ids.Length - 1;

    /// <summary>Place of the token that predicts the first scored one.</summary>
    public int FirstPrediction => InputLength - Scored;

    /// <summary>Cuts a context and its continuation to what a model reads, from the left.</summary>
    /// <param name="context">Tokens before the continuation; at least one.</param>
    /// <param name="continuation">Tokens that are scored; at least one, at most <paramref name="maxLength"/>.</param>
    /// <param name="maxLength">Tokens that the model reads at once.</param>
    /// <returns>The sequence.</returns>
    /// <exception cref="ArgumentException">
    /// One of the two has no tokens, or the continuation alone is longer than the model reads.
    /// </exception>
    public static ScoredSequence Of(ReadOnlySpan<int> context, ReadOnlySpan<int> continuation, int maxLength)
    {
        if (context.IsEmpty || continuation.IsEmpty || continuation.Length > maxLength)
        {
            throw new ArgumentException(
                $"a context of {context.Length} and a continuation of {continuation.Length} tokens cannot be scored by "
                + $"a model that reads {maxLength}",
                nameof(continuation));
        }

        int[] whole = [.. context, .. continuation];
        int cut = Math.Max(0, whole.Length - maxLength - 1);
        return new ScoredSequence(whole[cut..], continuation.Length, cut > 0);
    }
}
