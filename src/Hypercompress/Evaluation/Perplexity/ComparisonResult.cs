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
    double LossDifferenceStandardError);
