using System.Globalization;
using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Benchmarks;
using Hypercompress.Evaluation.Benchmarks.Results;
using Hypercompress.Evaluation.Benchmarks.Tasks;

namespace Hypercompress.OwnTask;

/// <summary>Scores a model on a task that the library does not know.</summary>
public static class OwnTaskSample
{
    /// <summary>The last word of a part of a story: how often it is the first guess, and its perplexity.</summary>
    public static TaskDefinition LastWords { get; } = new()
    {
        Task = "last-words",
        Output = TaskOutputType.Loglikelihood,
        Prompt = "{{ text.split(' ')[:-1] | join(' ') }}",
        Target = "{{ ' ' ~ text.split(' ')[-1] }}",
        Metrics = ["acc", "perplexity"],
    };

    /// <summary>Scores a model and prints each result with its standard error.</summary>
    /// <param name="model">The model: an artifact, a Hugging Face folder or a GGUF file.</param>
    /// <param name="documents">The folder with <c>last-words/test.jsonl</c>.</param>
    /// <param name="output">Gets the results.</param>
    public static void Run(string model, string documents, TextWriter output)
    {
        var suite = new TaskSuite(new EvaluationOptions { DataDir = documents }, [LastWords]);
        using OpenModel opened = OpenModel.Open(model, new BranchRegistry().CreateCatalog());
        foreach (TaskResult task in suite.Run(opened.Model, teacher: null).Student.Tasks)
        {
            foreach (MetricResult metric in task.Metrics)
            {
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{task.Task}: {metric.Name} {metric.Value:F3} ± {metric.StandardError:F3} "
                    + $"of {task.Documents} documents"));
            }
        }
    }
}
