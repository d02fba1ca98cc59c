namespace Hypercompress.Training.States;

/// <summary>
/// Remembers the best measurement on held-out text and decides when waiting for a better one is over.
/// </summary>
/// <param name="patience">Measurements in a row without a gain that end the run; 0 never ends it.</param>
/// <param name="tolerance">Relative fall that counts as a gain.</param>
internal sealed class EarlyStop(int patience, double tolerance)
{
    private double _reference = double.PositiveInfinity;
    private double _best = double.PositiveInfinity;
    private int _without;

    /// <summary>All that it remembers.</summary>
    public EarlyStopState State
    {
        get => new(_reference, _best, _without);
        set => (_reference, _best, _without) = (value.Reference, value.Best, value.Without);
    }

    /// <summary>The lowest measurement so far; infinite before the first.</summary>
    public double Best => _best;

    /// <summary>Whether the run should end.</summary>
    public bool IsOver => patience > 0 && _without >= patience;

    /// <summary>Takes a measurement.</summary>
    /// <param name="value">Held-out divergence or perplexity.</param>
    /// <returns>True when it is the lowest so far.</returns>
    public bool Observe(double value)
    {
        bool gained = value < _reference * (1 - tolerance) || double.IsPositiveInfinity(_reference);
        _without = gained ? 0 : _without + 1;
        _reference = gained ? value : _reference;
        bool best = value < _best;
        _best = best ? value : _best;
        return best;
    }
}
