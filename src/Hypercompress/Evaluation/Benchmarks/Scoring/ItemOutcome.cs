using System.Collections.Immutable;
using Hypercompress.Evaluation.Benchmarks.Tasks;

namespace Hypercompress.Evaluation.Benchmarks.Scoring;

/// <summary>A model's answer to one document.</summary>
/// <param name="Item">The document.</param>
/// <param name="Likelihoods">One per request; empty where a text was generated.</param>
/// <param name="Generation">The generated text, its stop string cut off; null unless one was asked for.</param>
public sealed record ItemOutcome(TaskItem Item, ImmutableArray<LikelihoodResult> Likelihoods, string? Generation);
