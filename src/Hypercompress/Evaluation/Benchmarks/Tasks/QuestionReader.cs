using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Templates;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>Puts documents into words by a task's templates.</summary>
internal sealed class QuestionReader
{
    private readonly TaskDefinition _task;
    private readonly TextTemplate _description;
    private readonly TextTemplate _prompt;
    private readonly TextTemplate _target;
    private readonly TextTemplate _continuation;
    private readonly TextTemplate _countOn;
    private readonly TextListTemplate? _choicesFrom;
    private readonly ImmutableArray<TextTemplate> _choices;
    private readonly ImmutableArray<TextTemplate> _contexts;

    /// <exception cref="ConfigurationException">A template is malformed.</exception>
    public QuestionReader(TaskDefinition task)
    {
        _task = task;
        _description = Template(task.Description, "description");
        _prompt = Template(task.Prompt ?? string.Empty, "prompt");
        _target = Template(task.Target!, "target");
        _continuation = Template(task.Continuation ?? string.Empty, "continuation");
        _countOn = Template(task.CountOn ?? task.Target!, "count_on");
        _choicesFrom = task.ChoicesFrom is { } list ? new TextListTemplate(list, Name("choices_from")) : null;
        _choices = [.. task.Choices.Select(choice => Template(choice, "choices"))];
        _contexts = [.. task.Contexts.Select(context => Template(context, "contexts"))];
    }

    /// <summary>The text before everything else.</summary>
    /// <exception cref="CheckpointException">The document lacks a field.</exception>
    public string Description(TaskDocument document) => Told(document, () => _description.Render(document.Values));

    /// <summary>The text whose words and bytes count.</summary>
    /// <exception cref="CheckpointException">The document lacks a field.</exception>
    public string Counted(TaskDocument document) => Told(document, () => _countOn.Render(document.Values));

    /// <summary>Question, options and answer.</summary>
    /// <exception cref="CheckpointException">The document lacks a field, or has no right answer.</exception>
    public TaskQuestion Read(TaskDocument document) => Told(document, () => Read(document.Values));

    private static T Told<T>(TaskDocument document, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ConfigurationException problem)
        {
            throw new CheckpointException(document.File, $"{document.Place}: {problem.Message}", problem);
        }
    }

    private TaskQuestion Read(JsonObject document)
    {
        string target = _target.Render(document);
        if (_task.Output != TaskOutputType.MultipleChoice)
        {
            return target.Length > 0 || _task.Output == TaskOutputType.LoglikelihoodRolling
                ? new TaskQuestion([_prompt.Render(document)], [], -1, target)
                : throw new ConfigurationException(
                    $"the task {_task.Task} finds no right answer here: its target is empty");
        }

        ImmutableArray<string> contexts =
            _contexts.IsEmpty ? [_prompt.Render(document)] : [.. _contexts.Select(context => context.Render(document))];
        ImmutableArray<string> choices = !_contexts.IsEmpty ? contexts
            : _choicesFrom?.Evaluate(document) ?? [.. _choices.Select(choice => choice.Render(document))];
        int gold = FindGold(target, choices);
        return new TaskQuestion(
            contexts, choices, gold, _contexts.IsEmpty ? choices[gold] : _continuation.Render(document));
    }

    private int FindGold(string target, ImmutableArray<string> choices)
    {
        int gold = target.Length > 0 && target.All(char.IsAsciiDigit)
            && int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? number
                : choices.IndexOf(target);
        return gold >= 0 && gold < choices.Length
            ? gold
            : throw new ConfigurationException(
                $"the task {_task.Task} finds no right answer here: its target is '{target}', which is none of "
                + $"{choices.Length} options");
    }

    private TextTemplate Template(string source, string key) => new(source, Name(key), _task.Definitions);

    private string Name(string key) => $"task {_task.Task}, {key}";
}
