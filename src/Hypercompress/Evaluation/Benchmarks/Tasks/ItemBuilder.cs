using System.Collections.Immutable;
using System.Text;
using Hypercompress.Evaluation.Statistics;
using Hypercompress.Models.Errors;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>Makes documents ready for a model: description, examples and question become one prompt.</summary>
/// <param name="task">The task.</param>
/// <param name="sampler">Draws the examples.</param>
internal sealed class ItemBuilder(TaskDefinition task, ExampleSampler sampler)
{
    private readonly QuestionReader _reader = new(task);
    private readonly Dictionary<TaskDocument, string> _examples = new(ReferenceEqualityComparer.Instance);

    /// <summary>
    /// Builds an item; to be called in the order of the documents, since examples are drawn anew for each.
    /// </summary>
    /// <exception cref="CheckpointException">
    /// The document, or an example, lacks a field or its right answer.
    /// </exception>
    public TaskItem Build(TaskDocument document)
    {
        TaskQuestion question = _reader.Read(document);
        bool counts = task.Output == TaskOutputType.LoglikelihoodRolling;
        string counted = counts ? _reader.Counted(document) : string.Empty;
        return new TaskItem
        {
            Index = document.Index,
            Document = document.Values,
            Place = $"{document.File}, {document.Place}",
            Requests = counts ? [new TaskRequest(question.Target, string.Empty)]
                : Requests(question, Beginning(document)),
            Choices = question.Choices,
            Gold = question.Gold,
            Target = question.Target,
            Words = counts ? PythonText.CountWords(counted) : 0,
            Bytes = Encoding.UTF8.GetByteCount(counted),
        };
    }

    private ImmutableArray<TaskRequest> Requests(TaskQuestion question, string beginning)
    {
        ImmutableArray<string> contexts = [.. question.Contexts.Select(context => beginning + context)];
        return task.Output switch
        {
            TaskOutputType.GenerateUntil => [new TaskRequest(contexts[0], string.Empty)],
            TaskOutputType.Loglikelihood => [new TaskRequest(contexts[0], question.Target)],
            _ when contexts.Length > 1 => [.. contexts.Select(context => Scored(context, question.Target))],
            _ => [.. question.Choices.Select(choice => Scored(contexts[0], choice))],
        };
    }

    private TaskRequest Scored(string context, string answer) => new(context, task.TargetDelimiter + answer);

    private string Beginning(TaskDocument document) =>
        _reader.Description(document) + string.Concat(sampler.Draw(document).Select(Example));

    private string Example(TaskDocument document)
    {
        if (!_examples.TryGetValue(document, out string? text))
        {
            TaskQuestion question = _reader.Read(document);
            text = question.SolvedContext + task.TargetDelimiter + question.Target + task.FewshotDelimiter;
            _examples.Add(document, text);
        }

        return text;
    }
}
