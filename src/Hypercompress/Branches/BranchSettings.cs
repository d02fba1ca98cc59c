namespace Hypercompress.Branches;

/// <summary>What the rest of the configuration tells every branch.</summary>
/// <param name="MaxRankFraction">
/// Largest rank of a factorized linear layer as a share of min(rows, columns), in (0, 1]; <c>targets.max_rank_fraction</c>.
/// </param>
/// <param name="Manual">
/// True when the branches' own knobs are meant as fixed values: a branch then offers exactly its configured point, and
/// nothing where no knob is set.
/// </param>
/// <param name="Seed">Seed of whatever a branch draws at random.</param>
public sealed record BranchSettings(double MaxRankFraction = 1.0, bool Manual = false, int Seed = 0);
