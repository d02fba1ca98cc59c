namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>The kind of answer that a task wants from a model.</summary>
public enum TaskOutputType
{
    /// <summary><c>multiple_choice</c>: log-likelihoods of every option; the largest is the answer.</summary>
    MultipleChoice,

    /// <summary>
    /// <c>loglikelihood</c>: log-likelihood of one continuation, and whether it is what greedy decoding gives.
    /// </summary>
    Loglikelihood,

    /// <summary><c>loglikelihood_rolling</c>: log-likelihood of a whole text, window by window.</summary>
    LoglikelihoodRolling,

    /// <summary><c>generate_until</c>: a greedy continuation up to a stop string.</summary>
    GenerateUntil,
}
