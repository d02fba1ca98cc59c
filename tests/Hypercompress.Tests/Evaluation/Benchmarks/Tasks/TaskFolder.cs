using System.Text.Json.Nodes;
using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Benchmarks.Tasks;

namespace Hypercompress.Tests.Evaluation.Benchmarks.Tasks;

/// <summary>A folder of documents that a test writes.</summary>
public sealed class TaskFolder : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public string Path => _scratch.Path;

    /// <summary>Writes a split.</summary>
    /// <param name="split">Such as <c>sst2/validation</c>.</param>
    /// <param name="documents">One JSON object each.</param>
    public TaskFolder With(string split, params IEnumerable<string> documents)
    {
        string file = _scratch.Of($"{split}.jsonl");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllLines(file, documents);
        return this;
    }

    public string Write(string name, string content) => _scratch.Write(name, content);

    public EvaluationOptions Options(params string[] tasks) => new() { Tasks = [.. tasks], DataDir = Path };

    /// <summary>Prepares one task.</summary>
    internal PreparedTask Prepare(string task, int? shots = null, double? limit = null) =>
        new TaskPreparation(Options(task) with { Shots = shots, Limit = limit })
            .Prepare(TaskLibrary.Select([task]).Tasks.Single());

    public static string Json(object document) =>
        JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(document))!.ToJsonString();

    public void Dispose() => _scratch.Dispose();
}
