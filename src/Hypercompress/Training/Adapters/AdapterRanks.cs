namespace Hypercompress.Training.Adapters;

/// <summary>Which rank the change of each matrix has.</summary>
public enum AdapterRanks
{
    /// <summary>The same for all.</summary>
    Even,

    /// <summary>
    /// More for matrices whose values the loss depends on more, from a quarter to four times as much: the mean of
    /// |value · gradient| of the first step, which differs by depth and role, in about as many numbers altogether (He
    /// et al., GoRA, arXiv 2502.12171).
    /// </summary>
    Hierarchical,
}
