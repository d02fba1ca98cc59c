using Hypercompress.Evaluation.Statistics;

namespace Hypercompress.Evaluation.Benchmarks.Metrics;

/// <summary>How the standard error of a metric comes about.</summary>
internal enum ErrorKind
{
    /// <summary>Sample deviation of the documents' scores over the root of their number.</summary>
    Mean,

    /// <summary>Deviation of the metric over resampled documents.</summary>
    Bootstrap,

    /// <summary>There is none, as in lm-evaluation-harness.</summary>
    None,
}
