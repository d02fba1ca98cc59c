namespace Hypercompress.Evaluation.Benchmarks.Scoring;

/// <summary>A model's log-likelihood of a continuation.</summary>
/// <param name="LogLikelihood">Sum of the log-probabilities of its tokens, nats.</param>
/// <param name="IsGreedy">Whether each of its tokens is the most probable one.</param>
public sealed record LikelihoodResult(double LogLikelihood, bool IsGreedy);
