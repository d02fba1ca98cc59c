using System.ComponentModel.DataAnnotations;

namespace Hypercompress.Merging;

/// <summary>The section <c>merge</c>: how the pieces of several branches at one site become one matrix.</summary>
public sealed record MergeOptions
{
    /// <summary>
    /// <c>joint</c>: alternating closed-form steps on the site's error; never worse than the best single piece.
    /// <c>weighted</c>: the average of the pieces, weighted by their compression ratios.
    /// </summary>
    /// <value><c>joint</c> or <c>weighted</c>. The default is <c>joint</c>.</value>
    [AllowedValues(JointMerge.StrategyName, WeightedMerge.StrategyName)]
    public string Strategy { get; init; } = JointMerge.StrategyName;

    /// <summary>Alternating steps of the joint strategy at a site.</summary>
    /// <value>1 to 1000. The default is 6.</value>
    [Range(1, 1000)]
    public int Iterations { get; init; } = JointMerge.DefaultIterations;
}
