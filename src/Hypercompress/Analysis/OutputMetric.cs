using Hypercompress.Sites;

namespace Hypercompress.Analysis;

/// <summary>The kind of G in a <see cref="SiteProblem"/>.</summary>
public enum OutputMetric
{
    /// <summary>All outputs of a site have the same weight: the mean of their Fisher weights.</summary>
    Identity,

    /// <summary>Every output has its own Fisher weight.</summary>
    Diagonal,

    /// <summary>
    /// The second moment of the gradients, correlations between outputs included, at every site inside the layers:
    /// together with H the Kronecker factors of the Fisher matrix (Martens and Grosse, arXiv 1503.05671). Correlations
    /// are shrunk as far as two halves of the gradients disagree on them.
    /// </summary>
    Kronecker,
}
