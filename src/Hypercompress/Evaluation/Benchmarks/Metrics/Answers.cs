using Hypercompress.Evaluation.Benchmarks.Scoring;
using Hypercompress.Evaluation.Benchmarks.Tasks;

namespace Hypercompress.Evaluation.Benchmarks.Metrics;

/// <summary>Which option a model chooses.</summary>
internal static class Answers
{
    /// <summary>The most probable option; the first of equals.</summary>
    public static int Choice(ItemOutcome outcome) => Best(outcome, _ => 1);

    /// <summary>The option with the highest log-likelihood per character.</summary>
    public static int ChoicePerCharacter(ItemOutcome outcome) =>
        Best(outcome, option => option.EnumerateRunes().Count());

    /// <summary>The option with the highest log-likelihood per UTF-8 byte.</summary>
    public static int ChoicePerByte(ItemOutcome outcome) => Best(outcome, System.Text.Encoding.UTF8.GetByteCount);

    /// <summary>
    /// A model's answer, in a form that can be compared with another model's: the chosen option, whether it would
    /// have written the text itself, or the answer that the first filter finds. Null when a whole text is scored.
    /// </summary>
    public static string? Of(TaskDefinition task, ItemOutcome outcome) => task.Output switch
    {
        TaskOutputType.MultipleChoice => $"{Choice(outcome)}",
        TaskOutputType.Loglikelihood => $"{outcome.Likelihoods[0].IsGreedy}",
        TaskOutputType.GenerateUntil => Filtered(task.FiltersOrNone.First(), outcome),
        _ => null,
    };

    /// <summary>The answer that a filter finds in what was generated; null where nothing was.</summary>
    public static string? Filtered(AnswerFilter? filter, ItemOutcome outcome) =>
        outcome.Generation is { } text ? filter?.Find(text) ?? text : null;

    private static int Best(ItemOutcome outcome, Func<string, int> length)
    {
        int best = 0;
        double highest = double.NegativeInfinity;
        for (int i = 0; i < outcome.Likelihoods.Length; i++)
        {
            double score = outcome.Likelihoods[i].LogLikelihood / length(outcome.Item.Choices[i]);
            if (score > highest)
            {
                (best, highest) = (i, score);
            }
        }

        return best;
    }
}
