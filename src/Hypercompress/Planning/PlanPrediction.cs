namespace Hypercompress.Planning;

/// <summary>The perplexity that a plan lets expect before any training.</summary>
/// <param name="Perplexity">Teacher perplexity · exp(J).</param>
/// <param name="Low">Lower end of the band.</param>
/// <param name="High">Upper end of the band: J is to second order, and measured losses were up to 2.6 times as large.</param>
public sealed record PlanPrediction(double Perplexity, double Low, double High)
{
    private const double Underestimate = 3;

    /// <summary>Predicts.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="teacherPerplexity">The teacher's perplexity on the text in question.</param>
    /// <param name="vocabularySize">Size of the vocabulary: a model that knows nothing has that perplexity.</param>
    /// <returns>The prediction, at most <paramref name="vocabularySize"/> or the teacher's perplexity.</returns>
    public static PlanPrediction For(CompressionPlan plan, double teacherPerplexity, long vocabularySize)
    {
        ArgumentNullException.ThrowIfNull(plan);
        double ceiling = Math.Max(teacherPerplexity, vocabularySize);
        double At(double share) => Math.Min(ceiling, teacherPerplexity * Math.Exp(share * plan.PredictedError));
        return new PlanPrediction(At(1), At(1), At(Underestimate));
    }
}
