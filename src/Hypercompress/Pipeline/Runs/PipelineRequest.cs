using Hypercompress.Journal;
using Hypercompress.Models.Packages;

namespace Hypercompress.Pipeline.Runs;

/// <summary>One run of the pipeline.</summary>
/// <param name="Package">The teacher; stays the caller's.</param>
/// <param name="Output">Folder of the artifact.</param>
/// <param name="Replace">Whether an existing artifact may be replaced.</param>
/// <param name="PlanFile">A plan to carry out instead of making one, or null.</param>
public sealed record PipelineRequest(ModelPackage Package, string Output, bool Replace, string? PlanFile)
{
    /// <summary>File that keeps the results of calibration for other targets; null for none.</summary>
    public string? StatisticsFile { get; init; }

    /// <summary>
    /// The model that the setting <c>student.model</c> names; stays the caller's. Null where it is a shape or nothing.
    /// </summary>
    public ModelPackage? Student { get; init; }

    /// <summary>What the run does with the work that a stopped one has left beside <see cref="Output"/>.</summary>
    /// <value>The default is to go on with it where its inputs are the same.</value>
    public RunStart Start { get; init; }
}
