using System.Collections.Immutable;

namespace Hypercompress.Evaluation.Benchmarks.Results;

/// <summary>Teacher and student on the same documents of a task, or of all tasks of a group.</summary>
/// <param name="Task">The task or group.</param>
/// <param name="Differences">The differences of the student from the teacher, per metric.</param>
/// <param name="Agreement">
/// Share of documents that both answer the same, right or wrong; null for groups and where whole texts are scored.
/// </param>
/// <param name="Divergence">
/// KL(teacher ‖ student) of the next-token distributions where options and texts are scored, nats per token; null for
/// groups and where answers are generated.
/// </param>
/// <param name="TopAgreement">
/// Share of these tokens where both have the same first guess; null as the divergence.
/// </param>
public sealed record TaskComparison(
    string Task,
    ImmutableArray<MetricDifference> Differences,
    Estimate? Agreement,
    Estimate? Divergence,
    Estimate? TopAgreement);
