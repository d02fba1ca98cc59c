using System.ComponentModel.DataAnnotations;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>The section <c>fewshot</c> of a task: the solved examples before a question.</summary>
public sealed record FewshotRule
{
    /// <summary>How many, unless the user asks for another number.</summary>
    /// <value>0 to 100. The default is 0.</value>
    [Range(0, 100)]
    public int Shots { get; init; }

    /// <summary>The split that they come from.</summary>
    /// <value>Such as <c>train</c>. The default is none: <see cref="Examples"/>.</value>
    public string? Split { get; init; }

    /// <summary>Which ones.</summary>
    /// <value>The default is <c>random</c>.</value>
    public FewshotOrder Sampler { get; init; } = FewshotOrder.Random;

    /// <summary>
    /// Whether the question itself is left out: one example more is drawn, and the question dropped if it is among
    /// them.
    /// </summary>
    /// <value>The default is to do so when the examples come from the split that is evaluated.</value>
    public bool? LeaveOutQuestion { get; init; }

    /// <summary>The examples themselves, one JSON object a line, where they come from no split.</summary>
    /// <value>The default is none.</value>
    public string Examples { get; init; } = string.Empty;
}
