using Hypercompress.Journal;

namespace Hypercompress.Training.Optimizers;

/// <summary>Moves parameters against their gradients, and remembers what it needs to know of earlier ones.</summary>
internal interface IOptimizer : IDisposable
{
    /// <summary>Sets all gradients to zero.</summary>
    void ZeroGradients();

    /// <summary>Scales all gradients down so that their global norm is at most a limit.</summary>
    /// <param name="limit">Above 0.</param>
    /// <returns>The norm before.</returns>
    double Clip(double limit);

    /// <summary>Changes every parameter that has a gradient.</summary>
    /// <param name="learningRate">Learning rate of this step.</param>
    /// <param name="vectorShare">
    /// Learning rate of vectors as a share of their mean magnitude; null for <paramref name="learningRate"/>.
    /// </param>
    void Step(double learningRate, double? vectorShare = null);

    /// <summary>Writes what it remembers into an entry.</summary>
    /// <param name="draft">Receives it.</param>
    void Keep(EntryDraft draft);

    /// <summary>Takes what it remembers from an entry.</summary>
    /// <param name="entry">The entry.</param>
    void GoOn(JournalEntry entry);
}
