using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Evaluation.Benchmarks.Tasks;
using Hypercompress.Models.Errors;

namespace Hypercompress.Evaluation.Benchmarks.Scoring;

/// <summary>Has models answer the documents of a task.</summary>
/// <param name="models">The models.</param>
internal sealed class TaskScorer(ModelPair models)
{
    private readonly PairEncoder _encoder = new(models.Tokenizer, models.MaxLength);

    /// <summary>Answers.</summary>
    /// <param name="task">The task.</param>
    /// <param name="onDone">Told how many more documents are done.</param>
    /// <param name="cancellation">Stops between passes.</param>
    /// <exception cref="ConfigurationException">
    /// A continuation has no tokens of its own, or generated answers do not fit into the model's context.
    /// </exception>
    /// <exception cref="NumericalException">A model's logits are not finite.</exception>
    public TaskAnswers Answer(PreparedTask task, Action<int> onDone, CancellationToken cancellation) =>
        task.Definition.Output switch
        {
            TaskOutputType.GenerateUntil => Generate(task, onDone, cancellation),
            TaskOutputType.LoglikelihoodRolling => Roll(task, onDone, cancellation),
            _ => Choose(task, onDone, cancellation),
        };

    private TaskAnswers Choose(PreparedTask task, Action<int> onDone, CancellationToken cancellation)
    {
        ImmutableArray<ScoredSequence>[] sequences = [.. task.Items.Select(item => Encode(task, item))];
        using var scorer = new LikelihoodScorer(models.Decoders);
        ImmutableArray<ImmutableArray<LikelihoodResult>[]> results =
            scorer.Score(
                [.. sequences.Select(sequence => (IReadOnlyList<ScoredSequence>)sequence)], onDone, cancellation);
        return new TaskAnswers(
            [.. results.Select(model => Outcomes(task, model))],
            sequences.Count(item => item.Any(sequence => sequence.Truncated)),
            models.Models.Length > 1 ? scorer.Distance : null);
    }

    // Every window is scored by itself: side by side in one pass, windows would take the memory of their whole text.
    private TaskAnswers Roll(PreparedTask task, Action<int> onDone, CancellationToken cancellation)
    {
        using var scorer = new LikelihoodScorer(models.Decoders);
        var sums =
            models.Models.Select(_ => new ImmutableArray<LikelihoodResult>[task.Items.Length]).ToImmutableArray();
        for (int i = 0; i < task.Items.Length; i++)
        {
            IReadOnlyList<ScoredSequence>[] windows =
                [.. _encoder.EncodeRolling(task.Items[i].Requests[0].Context).Select(window => new[] { window })];
            ImmutableArray<ImmutableArray<LikelihoodResult>[]> results =
                scorer.Score(windows, cancellation: cancellation);
            for (int model = 0; model < sums.Length; model++)
            {
                LikelihoodResult[] parts = [.. results[model].SelectMany(window => window)];
                sums[model][i] = [new(parts.Sum(part => part.LogLikelihood), parts.All(part => part.IsGreedy))];
            }

            onDone(1);
        }

        return new TaskAnswers(
            [.. sums.Select(model => Outcomes(task, model))], 0, models.Models.Length > 1 ? scorer.Distance : null);
    }

    private TaskAnswers Generate(PreparedTask task, Action<int> onDone, CancellationToken cancellation)
    {
        GenerationRule rule = task.Definition.Generation;
        int room = RoomForPrompts(task.Definition, models.MaxLength);
        ImmutableArray<string> until = rule.Until.IsEmpty ? [task.Definition.FewshotDelimiter] : rule.Until;
        int[][] prompts = [.. task.Items.Select(item => models.Tokenizer.EncodePrompt(item.Requests[0].Context))];
        GenerationRequest[] requests =
            [.. prompts.Select(prompt => new GenerationRequest([.. prompt.TakeLast(room)], until, rule.MaxTokens))];
        var outcomes = ImmutableArray.CreateBuilder<ImmutableArray<ItemOutcome>>();
        foreach (var model in models.Models)
        {
            bool isLast = model == models.Models[^1];
            ImmutableArray<string> texts = new GreedyGenerator(model, models.Tokenizer)
                .Generate(requests, isLast ? onDone : null, cancellation);
            outcomes.Add([.. task.Items.Zip(texts, (item, text) => new ItemOutcome(item, [], text))]);
        }

        return new TaskAnswers(outcomes.ToImmutable(), prompts.Count(prompt => prompt.Length > room), null);
    }

    /// <summary>Tokens that a prompt may have so that the answer fits after it.</summary>
    /// <exception cref="ConfigurationException">There is no room for a prompt.</exception>
    private static int RoomForPrompts(TaskDefinition task, int maxLength) => maxLength > task.Generation.MaxTokens
        ? maxLength - task.Generation.MaxTokens
        : throw new ConfigurationException(string.Create(
            CultureInfo.InvariantCulture,
            $"the task {task.Task} generates up to {task.Generation.MaxTokens} tokens, and the model reads "
            + $"{maxLength} at once: there is no room for a prompt. Give a task file of your own with a "
            + $"smaller generation.max_tokens"));

    private ImmutableArray<ScoredSequence> Encode(PreparedTask task, TaskItem item)
    {
        try
        {
            return [.. item.Requests.Select(request => _encoder.Encode(request.Context, request.Continuation))];
        }
        catch (ConfigurationException problem)
        {
            throw new ConfigurationException($"task {task.Definition.Task}, {item.Place}: {problem.Message}", problem);
        }
    }

    private static ImmutableArray<ItemOutcome> Outcomes(
        PreparedTask task, ImmutableArray<LikelihoodResult>[] results) =>
    [
        .. task.Items.Zip(results, (item, result) => result.All(one => double.IsFinite(one.LogLikelihood))
            ? new ItemOutcome(item, result, null)
            : throw new NumericalException(string.Create(
                CultureInfo.InvariantCulture,
                $"task {task.Definition.Task}, {item.Place}: the log-likelihood is "
                + $"{result.First(one => !double.IsFinite(one.LogLikelihood)).LogLikelihood}; the model's "
                + $"logits are not finite. Check its weights with 'inspect', or compress less"))),
    ];
}
