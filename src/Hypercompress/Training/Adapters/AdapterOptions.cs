namespace Hypercompress.Training.Adapters;

/// <summary>How changes of low rank are chosen and restarted.</summary>
/// <param name="Rank">Rank of a change, at least 1.</param>
/// <param name="Ranks">Which rank the change of each matrix has.</param>
/// <param name="Restarts">How often changes begin anew.</param>
/// <param name="Steps">Steps of the whole run.</param>
/// <param name="Seed">Seed of the directions that changes begin with.</param>
internal sealed record AdapterOptions(int Rank, AdapterRanks Ranks, int Restarts, int Steps, long Seed)
{
    private const double WarmupShare = 0.1;

    /// <summary>Steps from one beginning to the next.</summary>
    public int Interval => Math.Max(1, (Steps + Restarts) / (Restarts + 1));

    /// <summary>Share of the learning rate at a step: it rises anew after a restart.</summary>
    /// <param name="step">0-based step of the run.</param>
    public double RateAt(int step)
    {
        double warmup = Math.Ceiling(WarmupShare * Interval);
        return step < Interval ? 1 : Math.Min(1, ((step % Interval) + 1) / warmup);
    }
}
