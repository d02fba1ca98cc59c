using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Settings;

namespace Hypercompress.Evaluation;

/// <summary>The section <c>evaluation</c>: what is measured of teacher and student, and how.</summary>
public sealed record EvaluationOptions : IValidatableObject
{
    /// <summary>The convention of consecutive windows, each scored alone.</summary>
    public const string Paper = "paper";

    /// <summary>The convention of overlapping windows.</summary>
    public const string Sliding = "sliding";

    /// <summary>
    /// <c>paper</c>: consecutive windows, each alone, as GPTQ, SparseGPT, Wanda and SVD-LLM report; what is left over
    /// at the end is not scored. <c>sliding</c>: windows that overlap, so that every token but the first is scored
    /// once.
    /// </summary>
    /// <value><c>paper</c> or <c>sliding</c>. The default is <c>paper</c>.</value>
    [AllowedValues(Paper, Sliding)]
    public string Convention { get; init; } = Paper;

    /// <summary>Tokens of a window.</summary>
    /// <value>2 to 1 048 576. The default is 2048.</value>
    [Range(2, 1_048_576)]
    public int Window { get; init; } = 2048;

    /// <summary>Tokens from one sliding window to the next; not more than <see cref="Window"/>.</summary>
    /// <value>1 to 1 048 576. The default is none: half a window.</value>
    [Range(1, 1_048_576)]
    public int? Stride { get; init; }

    /// <summary>Most tokens to score of each text, from its beginning.</summary>
    /// <value>
    /// 2 to 1 000 000 000; null is the whole text. The default is 16 384, which is 8 windows: both models are scored,
    /// and on a CPU a whole test set would take longer than the compression.
    /// </value>
    [Range(2, 1_000_000_000)]
    public int? MaxTokens { get; init; } = 16_384;

    /// <summary>Benchmark tasks and groups for teacher and student, or paths of task files.</summary>
    /// <value>Such as <c>[arc_easy, mmlu_stem, my-task.yaml]</c>. The default is none.</value>
    [AfterCalibration]
    public ImmutableArray<string> Tasks { get; init; } = [];

    /// <summary>Whether MMLU is among the tasks (Hendrycks et al. 2021; 57 subjects, 5 examples).</summary>
    /// <value>The default is false.</value>
    [AfterCalibration]
    public bool Mmlu { get; init; }

    /// <summary>Whether GSM8K is among the tasks (Cobbe et al. 2021; 5 examples, greedy).</summary>
    /// <value>The default is false.</value>
    [AfterCalibration]
    public bool Gsm8k { get; init; }

    /// <summary>Whether GLUE is among the tasks (Wang et al. 2018; its classification tasks).</summary>
    /// <value>The default is false.</value>
    [AfterCalibration]
    public bool Glue { get; init; }

    /// <summary>
    /// Folder of the tasks' documents: <c>DIR/&lt;task&gt;/&lt;split&gt;.jsonl</c>, or csv, tsv, parquet.
    /// </summary>
    /// <value>The default is none; needed as soon as there is a task.</value>
    [AfterCalibration]
    public string? DataDir { get; init; }

    /// <summary>Documents of each task, from its beginning.</summary>
    /// <value>A count of 1 or more, or a share below 1. The default is none: all of them.</value>
    [AfterCalibration]
    [Range(0.0, 1e9, MinimumIsExclusive = true)]
    public double? Limit { get; init; }

    /// <summary>Examples before each question.</summary>
    /// <value>0 to 100. The default is none: what each task says.</value>
    [AfterCalibration]
    [Range(0, 100)]
    public int? Shots { get; init; }

    /// <summary>Tokens of a task's prompt and answer; what is longer is cut at the left.</summary>
    /// <value>2 to 1 048 576. The default is none: what the model was made for, which is never exceeded.</value>
    [AfterCalibration]
    [Range(2, 1_048_576)]
    public int? MaxLength { get; init; }

    /// <summary>Seed of the draw of examples, as lm-evaluation-harness' <c>fewshot_seed</c>.</summary>
    /// <value>Any number. The default is 1234.</value>
    [AfterCalibration]
    public long FewshotSeed { get; init; } = 1234;

    /// <summary>Resamples for the standard errors of F1, MCC and perplexity; 0 leaves these out.</summary>
    /// <value>0 to 10⁷. The default is 100,000.</value>
    [AfterCalibration]
    [Range(0, 10_000_000)]
    public int BootstrapIterations { get; init; } = 100_000;

    /// <summary>Branches to undo one at a time, to measure what each one costs.</summary>
    /// <value>Names of branches of the run, such as <c>[lra, quantization]</c>. The default is none.</value>
    [AfterCalibration]
    public ImmutableArray<string> AblationBranches { get; init; } = [];

    /// <summary>All names of tasks: the switches and <see cref="Tasks"/>, each once.</summary>
    internal ImmutableArray<string> AllTasks =>
    [
        .. new[] { (Mmlu, "mmlu"), (Gsm8k, "gsm8k"), (Glue, "glue") }
            .Where(task => task.Item1).Select(task => task.Item2).Concat(Tasks).Distinct(),
    ];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Stride > Window)
        {
            yield return new ValidationResult(
                $"must not be more than the window of {Window} tokens, or tokens between two windows are never scored",
                [nameof(Stride)]);
        }

        if (!AllTasks.IsEmpty && DataDir is null)
        {
            yield return new ValidationResult(
                $"is needed for {string.Join(", ", AllTasks)}: the folder with the documents, "
                + $"<task>/<split>.jsonl",
                [nameof(DataDir)]);
        }

        if (Limit is > 1 && Limit != Math.Floor(Limit.Value))
        {
            yield return new ValidationResult(
                "must be a whole number of documents, or a share below 1", [nameof(Limit)]);
        }
    }
}
