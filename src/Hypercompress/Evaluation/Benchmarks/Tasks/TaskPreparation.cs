using System.Collections.Immutable;
using Hypercompress.Models.Corpora;
using Hypercompress.Models.Errors;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>Reads the documents of tasks and makes prompts of them.</summary>
/// <param name="options">Folder, limit, shots and seed.</param>
internal sealed class TaskPreparation(EvaluationOptions options)
{
    private readonly DocumentFolder _folder = new(options.DataDir!);

    /// <summary>Prepares a task.</summary>
    /// <exception cref="CheckpointException">
    /// A file is missing or malformed, or a document has no right answer.
    /// </exception>
    /// <exception cref="ConfigurationException">There are too few examples, or a template is malformed.</exception>
    public PreparedTask Prepare(TaskDefinition task)
    {
        int shots = task.Output == TaskOutputType.LoglikelihoodRolling ? 0 : options.Shots ?? task.Fewshot.Shots;
        ImmutableArray<TaskDocument> pool = shots == 0 ? [] : Examples(task);
        TaskDocuments documents = _folder.Read(task, task.Split, options.Limit);
        var builder = new ItemBuilder(task, new ExampleSampler(task, pool, shots, options.FewshotSeed));
        return new PreparedTask(task, shots, [.. documents.Documents.Select(builder.Build)], documents.Total);
    }

    private ImmutableArray<TaskDocument> Examples(TaskDefinition task)
    {
        if (task.Fewshot.Split is { } split)
        {
            return _folder.Read(task, split, limit: null).Documents;
        }

        string name = $"task {task.Task}, fewshot.examples";
        using var lines = new StringReader(task.Fewshot.Examples);
        return [.. JsonLines(lines, name)];
    }

    private static IEnumerable<TaskDocument> JsonLines(StringReader lines, string name) =>
        DataRows.ReadJsonLines(lines, name)
            .Select((row, index) => new TaskDocument(index, row.Values, name, row.Place));
}
