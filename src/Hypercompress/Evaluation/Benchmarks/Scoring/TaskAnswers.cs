using System.Collections.Immutable;

namespace Hypercompress.Evaluation.Benchmarks.Scoring;

/// <summary>The answers of models to the documents of a task.</summary>
/// <param name="Outcomes">For every model, in their order: one outcome per document.</param>
/// <param name="Truncated">Documents whose prompt was cut.</param>
/// <param name="Distance">Distance between the predictions of two models; null where none were compared.</param>
internal sealed record TaskAnswers(
    ImmutableArray<ImmutableArray<ItemOutcome>> Outcomes, int Truncated, DistributionDistance? Distance);
