using System.Collections.Immutable;
using Hypercompress.Models.Corpora;
using Hypercompress.Models.Errors;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>The folder that holds the documents of tasks: <c>task/split.jsonl</c>, or csv, tsv, parquet.</summary>
/// <param name="root">Its path.</param>
internal sealed class DocumentFolder(string root)
{
    /// <summary>Reads documents.</summary>
    /// <param name="task">The task.</param>
    /// <param name="split">The split.</param>
    /// <param name="limit">How many from the beginning, a share of all below 1; null for all.</param>
    /// <exception cref="CheckpointException">The file is missing, malformed or empty.</exception>
    public TaskDocuments Read(TaskDefinition task, string split, double? limit)
    {
        string file = Find(task, split);
        var documents = ImmutableArray.CreateBuilder<TaskDocument>();
        int total = 0;
        foreach (DataRow row in DataRows.Read(file))
        {
            if (limit is null or < 1 || total < limit)
            {
                documents.Add(new TaskDocument(total, row.Values, file, row.Place));
            }

            total++;
        }

        if (total == 0)
        {
            throw new CheckpointException(file, $"has no documents, and the task {task.Task} needs some");
        }

        int used = limit is < 1 ? (int)Math.Ceiling(total * limit.Value) : documents.Count;
        return new TaskDocuments([.. documents.Take(used)], total);
    }

    private string Find(TaskDefinition task, string split)
    {
        string wanted = Path.Combine(root, task.DataFolder, split);
        string others = string.Join(", ", DataRows.Extensions.Skip(1));
        return DataRows.Extensions.Select(extension => wanted + extension).FirstOrDefault(File.Exists)
            ?? throw new CheckpointException(
                wanted + DataRows.Extensions[0],
                $"is not there, nor with {others}; it should hold the split '{split}' of the task {task.Task}. Put it "
                + "there, or give another folder with --data-dir (evaluation.data_dir)");
    }
}
