using System.ComponentModel.DataAnnotations;

namespace Hypercompress.Evaluation;

/// <summary>The section <c>evaluation</c>: how perplexity is measured.</summary>
public sealed record EvaluationOptions : IValidatableObject
{
    /// <summary>
    /// <c>paper</c>: consecutive windows, each alone, as GPTQ, SparseGPT, Wanda and SVD-LLM report; what is left over
    /// at the end is not scored. <c>sliding</c>: windows that overlap, so that every token but the first is scored
    /// once.
    /// </summary>
    /// <value><c>paper</c> or <c>sliding</c>. The default is <c>paper</c>.</value>
    [AllowedValues(WindowPlan.Paper, WindowPlan.Sliding)]
    public string Convention { get; init; } = WindowPlan.Paper;

    /// <summary>Tokens of a window.</summary>
    /// <value>2 to 1 048 576. The default is 2048.</value>
    [Range(2, 1_048_576)]
    public int Window { get; init; } = 2048;

    /// <summary>Tokens from one sliding window to the next; not more than <see cref="Window"/>.</summary>
    /// <value>1 to 1 048 576. The default is none: half a window.</value>
    [Range(1, 1_048_576)]
    public int? Stride { get; init; }

    /// <summary>Tokens of each text that are looked at, from its beginning.</summary>
    /// <value>2 to 1 000 000 000. The default is none: the whole text.</value>
    [Range(2, 1_000_000_000)]
    public int? MaxTokens { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Stride > Window)
        {
            yield return new ValidationResult(
                $"must not be more than the window of {Window} tokens, or tokens between two windows are never scored",
                [nameof(Stride)]);
        }
    }
}
