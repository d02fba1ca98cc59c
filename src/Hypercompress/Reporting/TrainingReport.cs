using System.Collections.Immutable;
using Hypercompress.Training;

namespace Hypercompress.Reporting;

/// <summary>What a training phase did.</summary>
/// <param name="Name">The phase.</param>
/// <param name="Steps">Optimizer steps.</param>
/// <param name="Tokens">Tokens seen.</param>
/// <param name="FirstLoss">Loss of the first step, nats per token; null without steps.</param>
/// <param name="LastLoss">Loss of the last step, nats per token; null without steps.</param>
/// <param name="Validations">Perplexity on held-out text by step.</param>
/// <param name="Divergences">
/// KL divergence from the teacher on held-out text by step, nats per token; empty where there was no teacher.
/// </param>
/// <param name="StoppedBecause">Why it ended.</param>
public sealed record TrainingReport(
    string Name,
    int Steps,
    long Tokens,
    double? FirstLoss,
    double? LastLoss,
    ImmutableSortedDictionary<int, double> Validations,
    ImmutableSortedDictionary<int, double> Divergences,
    string StoppedBecause)
{
    /// <summary>Sums up a history.</summary>
    /// <param name="name">The phase.</param>
    /// <param name="history">What it measured.</param>
    /// <returns>The report.</returns>
    public static TrainingReport From(string name, TrainingHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        TrainingStep? last = history.Steps.LastOrDefault();
        return new TrainingReport(
            name,
            history.Steps.Length,
            last?.Tokens ?? 0,
            history.Steps.FirstOrDefault()?.Loss,
            last?.Loss,
            history.Validations.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.Perplexity),
            history.Validations.Where(pair => pair.Value.Divergence is not null)
                .ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.Divergence!.Value),
            history.StoppedBecause);
    }
}
