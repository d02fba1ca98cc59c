using System.Collections.Immutable;
using Hypercompress.Evaluation.Benchmarks.Results;
using Hypercompress.Evaluation.Perplexity;

namespace Hypercompress.Evaluation.Suite;

/// <summary>The results of the evaluation phase.</summary>
/// <param name="Texts">Teacher and student side by side, one entry per text, in the order of the texts.</param>
public sealed record EvaluationReport(ImmutableArray<ComparisonResult> Texts)
{
    /// <summary>Benchmark tasks; null unless the configuration names some.</summary>
    public TaskReport? Tasks { get; init; }

    /// <summary>
    /// The student with one branch taken back at a time; empty unless the configuration names branches.
    /// </summary>
    public ImmutableArray<AblationResult> Ablations { get; init; } = [];
}
