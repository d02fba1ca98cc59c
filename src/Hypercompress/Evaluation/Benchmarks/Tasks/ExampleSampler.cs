using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Evaluation.Statistics;
using Hypercompress.Models.Errors;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>
/// Draws the examples before each question, in the order of the questions, as lm-evaluation-harness does:
/// <c>first_n</c> takes the first ones, <c>random</c> a sample of Python's generator.
/// </summary>
internal sealed class ExampleSampler
{
    private readonly TaskDefinition _task;
    private readonly ImmutableArray<TaskDocument> _pool;
    private readonly int _shots;
    private readonly PythonRandom _random;

    /// <param name="task">The rule.</param>
    /// <param name="pool">What is drawn from.</param>
    /// <param name="shots">How many a question gets.</param>
    /// <param name="seed">Of the draws.</param>
    /// <exception cref="ConfigurationException">There are not as many.</exception>
    public ExampleSampler(TaskDefinition task, ImmutableArray<TaskDocument> pool, int shots, long seed)
    {
        (_task, _pool, _shots, _random) = (task, pool, shots, new PythonRandom(seed));
        int needed = shots > 0 && task.LeavesOutQuestion ? shots + 1 : shots;
        if (needed > pool.Length)
        {
            throw new ConfigurationException(
                $"the task {task.Task} has {pool.Length} examples, too few for {shots} before every question"
                + (needed > shots ? " without the question itself" : string.Empty)
                    + "; lower --shots (evaluation.shots)");
        }
    }

    /// <summary>The examples for the next question.</summary>
    public IEnumerable<TaskDocument> Draw(TaskDocument question)
    {
        if (_shots == 0)
        {
            return [];
        }

        int drawn = _task.LeavesOutQuestion ? _shots + 1 : _shots;
        IEnumerable<TaskDocument> examples = _task.Fewshot.Sampler == FewshotOrder.FirstN
            ? _pool.Take(drawn)
            : _random.Sample(_pool.Length, drawn).Select(index => _pool[index]);
        return _task.LeavesOutQuestion
            ? examples.Where(example => !JsonNode.DeepEquals(example.Values, question.Values)).Take(_shots)
            : examples;
    }
}
