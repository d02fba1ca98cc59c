namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>The choice of examples before a question.</summary>
public enum FewshotOrder
{
    /// <summary><c>random</c>: drawn anew for every question, as lm-evaluation-harness draws them.</summary>
    Random,

    /// <summary><c>first_n</c>: the first ones, in their order.</summary>
    FirstN,
}
