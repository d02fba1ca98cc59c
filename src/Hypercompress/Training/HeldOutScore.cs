namespace Hypercompress.Training;

/// <summary>A student on held-out text.</summary>
/// <param name="Perplexity">exp of the mean cross-entropy of the predicted tokens.</param>
/// <param name="Divergence">
/// Mean KL divergence of the student's from the teacher's next-token distribution, nats per token; null without a
/// teacher.
/// </param>
public sealed record HeldOutScore(double Perplexity, double? Divergence)
{
    /// <summary>
    /// The measure that decides which state is kept, lower is better: the divergence, since perplexity also falls by
    /// adapting to the kind of text; the perplexity without a teacher.
    /// </summary>
    internal double Criterion => Divergence ?? Perplexity;
}
