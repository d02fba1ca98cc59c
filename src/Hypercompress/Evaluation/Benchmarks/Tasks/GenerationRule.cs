using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>The section <c>generation</c> of a task: how far a model writes on. It writes greedily.</summary>
public sealed record GenerationRule
{
    /// <summary>Texts that end the answer and are not part of it.</summary>
    /// <value>The default is none: the task's few-shot delimiter.</value>
    public ImmutableArray<string> Until { get; init; } = [];

    /// <summary>Most tokens of an answer. The prompt is cut at the left so that they fit.</summary>
    /// <value>1 to 100,000. The default is 256.</value>
    [Range(1, 100_000)]
    public int MaxTokens { get; init; } = 256;
}
