using System.Collections.Immutable;

namespace Hypercompress.Evaluation.Benchmarks.Scoring;

/// <summary>What models answered to the documents of a task.</summary>
/// <param name="Outcomes">For every model, in their order: one outcome per document.</param>
/// <param name="Truncated">Documents whose prompt was cut.</param>
/// <param name="Distance">How far the predictions of two models lie apart; null where none were compared.</param>
internal sealed record TaskAnswers(
    ImmutableArray<ImmutableArray<ItemOutcome>> Outcomes, int Truncated, DistributionDistance? Distance);
