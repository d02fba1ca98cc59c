namespace Hypercompress.Evaluation.Perplexity;

/// <summary>Teacher and student on the same windows of one text; standard errors are over windows.</summary>
/// <param name="Teacher">The teacher's scores.</param>
/// <param name="Student">The student's scores.</param>
/// <param name="Divergence">Mean KL(teacher ‖ student) of the next-token distributions, nats per token.</param>
/// <param name="DivergenceStandardError">Its standard error.</param>
/// <param name="Agreement">Share of tokens where both have the same first guess, 0 to 1.</param>
/// <param name="AgreementStandardError">Its standard error.</param>
/// <param name="LossDifference">Mean loss of the student less that of the teacher, nats per token.</param>
/// <param name="LossDifferenceStandardError">
/// Its standard error from the paired differences: far smaller than those of the two losses, which share the text.
/// </param>
public sealed record ComparisonResult(
    PerplexityResult Teacher,
    PerplexityResult Student,
    double Divergence,
    double DivergenceStandardError,
    double Agreement,
    double AgreementStandardError,
    double LossDifference,
    double LossDifferenceStandardError)
{
    /// <summary>How the divergence is distributed over the tokens; null where it was not measured.</summary>
    public DivergenceQuantiles? Quantiles { get; init; }

    /// <summary>
    /// Root mean square, over the tokens, of the student's probability of the token that came less the teacher's, 0 to
    /// 1; null where it was not measured.
    /// </summary>
    public double? ProbabilityDifference { get; init; }

    /// <summary>Standard error of <see cref="ProbabilityDifference"/>, to first order; null as it.</summary>
    public double? ProbabilityDifferenceStandardError { get; init; }
}
