
namespace Hypercompress.Merging;

/// <summary>The merge strategies by their names in a configuration.</summary>
internal static class MergeStrategies
{
    /// <summary>Creates a strategy.</summary>
    /// <param name="options">The section <c>merge</c>.</param>
    /// <returns>The strategy.</returns>
    public static MergeStrategy Create(MergeOptions options) =>
        options.Strategy == "weighted" ? new WeightedMerge() : new JointMerge(options.Iterations);
}
