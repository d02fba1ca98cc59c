using System.Collections.Immutable;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>The metrics that a task can ask for, by the kind of its output; <c>Metrics/</c> computes them.</summary>
internal static class MetricNames
{
    /// <summary>Names of the metrics of an output type.</summary>
    /// <param name="output">The output type of a task.</param>
    /// <returns>Names as in lm-evaluation-harness.</returns>
    public static ImmutableArray<string> Of(TaskOutputType output) => output switch
    {
        TaskOutputType.MultipleChoice => ["acc", "acc_norm", "acc_bytes", "f1", "mcc"],
        TaskOutputType.Loglikelihood => ["perplexity", "acc"],
        TaskOutputType.LoglikelihoodRolling => ["word_perplexity", "byte_perplexity", "bits_per_byte"],
        TaskOutputType.GenerateUntil => ["exact_match"],
        _ => throw new ArgumentOutOfRangeException(nameof(output), output, "unknown output type"),
    };
}
