using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Hypercompress.Evaluation.Statistics;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>
/// A task as data: what a document looks like as a prompt, what its right answer is, and what is measured. All texts
/// are Jinja templates over the document's fields.
/// </summary>
public sealed record TaskDefinition : IValidatableObject
{
    /// <summary>Its name.</summary>
    /// <value>Needed.</value>
    public string Task { get; init; } = string.Empty;

    /// <summary>Changes whenever its scores would.</summary>
    /// <value>The default is 1.</value>
    public double Version { get; init; } = 1;

    /// <summary>Folder of its documents below the data folder.</summary>
    /// <value>The default is its name.</value>
    public string? Data { get; init; }

    /// <summary>
    /// Parts that are tasks of their own, named <c>task_subset</c>, with their documents in folders below
    /// <see cref="Data"/>; templates see the part's name as <c>subset</c>.
    /// </summary>
    /// <value>The default is none: one task.</value>
    public ImmutableArray<string> Subsets { get; init; } = [];

    /// <summary>The split that is evaluated.</summary>
    /// <value>The default is <c>test</c>.</value>
    public string Split { get; init; } = "test";

    /// <summary>The kind of answer that a model gives.</summary>
    /// <value>The default is <c>multiple_choice</c>.</value>
    public TaskOutputType Output { get; init; } = TaskOutputType.MultipleChoice;

    /// <summary>The text before everything else.</summary>
    /// <value>The default is nothing.</value>
    public string Description { get; init; } = string.Empty;

    /// <summary>Macros and variables that the other templates use.</summary>
    /// <value>The default is nothing.</value>
    public string Definitions { get; init; } = string.Empty;

    /// <summary>The question.</summary>
    /// <value>Needed, unless the task scores whole texts or has <see cref="Contexts"/>.</value>
    public string? Prompt { get; init; }

    /// <summary>The options of a multiple choice, one template each.</summary>
    /// <value>The default is none: <see cref="ChoicesFrom"/>.</value>
    public ImmutableArray<string> Choices { get; init; } = [];

    /// <summary>An expression that gives the options as a list, where their number differs.</summary>
    /// <value>Such as <c>choices.text</c>. The default is none.</value>
    public string? ChoicesFrom { get; init; }

    /// <summary>
    /// The questions of a multiple choice whose options are in the question, one per option;
    /// <see cref="Continuation"/> is scored after each (partial evaluation, Trinh and Le 2018).
    /// </summary>
    /// <value>The default is none.</value>
    public ImmutableArray<string> Contexts { get; init; } = [];

    /// <summary>The text that is scored after <see cref="Contexts"/>.</summary>
    /// <value>Needed with them.</value>
    public string? Continuation { get; init; }

    /// <summary>
    /// The right answer: of a multiple choice the 0-based number of the option or its text; otherwise the text, which
    /// is also what is scored when no option is chosen.
    /// </summary>
    /// <value>Needed.</value>
    public string? Target { get; init; }

    /// <summary>The text whose words and bytes count when a whole text is scored.</summary>
    /// <value>The default is <see cref="Target"/>.</value>
    public string? CountOn { get; init; }

    /// <summary>Between a question and its answer.</summary>
    /// <value>The default is a space.</value>
    public string TargetDelimiter { get; init; } = " ";

    /// <summary>After each example.</summary>
    /// <value>The default is an empty line.</value>
    public string FewshotDelimiter { get; init; } = "\n\n";

    /// <summary>The examples before a question.</summary>
    public FewshotRule Fewshot { get; init; } = new();

    /// <summary>How an answer is generated.</summary>
    public GenerationRule Generation { get; init; } = new();

    /// <summary>How the answer is found in what was generated.</summary>
    /// <value>The default is none: all of it is the answer.</value>
    public ImmutableArray<AnswerFilter> Filters { get; init; } = [];

    /// <summary>The metrics.</summary>
    /// <value>At least one metric of the task's output type.</value>
    public ImmutableArray<string> Metrics { get; init; } = [];

    /// <summary>Differences that do not count when answers are compared.</summary>
    public AnswerComparison ExactMatch { get; init; } = new();

    /// <summary>The name that all subsets of a task have in common.</summary>
    internal string Family { get; init; } = string.Empty;

    /// <summary>Folder of its documents below the data folder.</summary>
    internal string DataFolder => Data ?? Task;

    /// <summary>The filters that its answers are found by; a single null where all of a text is the answer.</summary>
    internal IEnumerable<AnswerFilter?> FiltersOrNone => Filters.IsEmpty ? new AnswerFilter?[] { null } : Filters;

    /// <summary>Whether examples are drawn without the question.</summary>
    internal bool LeavesOutQuestion => Fewshot.LeaveOutQuestion ?? Fewshot.Split == Split;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach ((bool isWrong, string problem, string key) in Rules())
        {
            if (isWrong)
            {
                yield return new ValidationResult(problem, [key]);
            }
        }

        foreach ((string pattern, string key) in Filters.Select(filter => (filter.Pattern, nameof(Filters)))
            .Concat(ExactMatch.Ignore.Select(pattern => (pattern, nameof(ExactMatch))))
            .Where(rule => !PythonText.IsPattern(rule.Item1)))
        {
            yield return new ValidationResult($"has '{pattern}', which is not a regular expression", [key]);
        }

        foreach (string metric in Metrics.Except(MetricNames.Of(Output)))
        {
            yield return new ValidationResult(
                $"cannot be '{metric}' here; a task of this output has {string.Join(", ", MetricNames.Of(Output))}",
                [nameof(Metrics)]);
        }
    }

    /// <summary>The task itself, or a task for each of its subsets.</summary>
    internal ImmutableArray<TaskDefinition> Expand() => Subsets.IsEmpty
        ? [this with { Family = Task }]
        : [.. Subsets.Select(subset => this with
        {
            Task = $"{Task}_{subset}",
            Data = $"{DataFolder}/{subset}",
            Subsets = [],
            Definitions = $$"""{%- set subset = "{{subset}}" -%}{{Definitions}}""",
            Family = Task,
        })];

    private IEnumerable<(bool IsWrong, string Problem, string Key)> Rules()
    {
        bool chooses = Output == TaskOutputType.MultipleChoice;
        yield return (Task.Length == 0, "must name the task", nameof(Task));
        yield return (Metrics.IsEmpty, "must have at least one metric", nameof(Metrics));
        yield return (Target is null, "must say what the right answer is", nameof(Target));
        yield return (
            Prompt is null && Contexts.IsEmpty && Output != TaskOutputType.LoglikelihoodRolling,
            "must say what a question looks like",
            nameof(Prompt));
        yield return (
            Contexts.IsEmpty != (Continuation is null),
            "is needed with contexts, and only with them",
            nameof(Continuation));
        yield return (
            chooses && new[] { !Choices.IsEmpty, ChoicesFrom is not null, !Contexts.IsEmpty }.Count(
                given => given) != 1,
            "must be given for a multiple choice, or choices_from, or contexts: one of the three",
            nameof(Choices));
        yield return (
            Filters.Any(filter => filter.Name.Length == 0 || filter.Pattern.Length == 0),
            "must each have a name and a pattern",
            nameof(Filters));
        yield return (
            Filters.Select(filter => filter.Name).Distinct()
                .Count() != Filters.Length, "must have different names", nameof(Filters));
    }
}
