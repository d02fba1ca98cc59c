using System.Collections.Immutable;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>A document in words, without examples before it.</summary>
/// <param name="Contexts">The question; of a partial evaluation one per option.</param>
/// <param name="Choices">The options; empty unless the task is a multiple choice.</param>
/// <param name="Gold">Index of the right option; −1 unless the task is a multiple choice.</param>
/// <param name="Target">The right answer; of a partial evaluation what is scored after each question.</param>
internal sealed record TaskQuestion(
    ImmutableArray<string> Contexts, ImmutableArray<string> Choices, int Gold, string Target)
{
    /// <summary>The question as an example has it.</summary>
    public string SolvedContext => Contexts.Length > 1 ? Contexts[Gold] : Contexts[0];
}
