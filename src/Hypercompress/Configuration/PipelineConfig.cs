using Hypercompress.Analysis;
using Hypercompress.Artifacts;
using Hypercompress.Branches;
using Hypercompress.Distillation;
using Hypercompress.Evaluation;
using Hypercompress.FineTuning;
using Hypercompress.Merging;
using Hypercompress.Phases;
using Hypercompress.Planning;
using Hypercompress.Sequential;
using Hypercompress.Settings;
using Hypercompress.Students;

namespace Hypercompress.Configuration;

/// <summary>All options of a run. Immutable; read by <see cref="PipelineConfigReader"/>.</summary>
public sealed record PipelineConfig
{
    /// <summary>The mode in which every enabled branch takes part.</summary>
    public const string Hybrid = "hybrid";

    /// <summary>Which branches work: <c>hybrid</c> for every enabled one, or the name of the only one.</summary>
    /// <value>The default is <c>hybrid</c>.</value>
    public string Mode { get; init; } = Hybrid;

    /// <summary>
    /// Which model is compressed, when it is not the teacher itself. Offers that are kept are always of the teacher.
    /// </summary>
    [AfterCalibration]
    public StudentOptions Student { get; init; } = new();

    /// <summary>The size that the student must have.</summary>
    public TargetOptions Targets { get; init; } = new();

    /// <summary>How the settings of every site are chosen.</summary>
    public PlannerOptions Planner { get; init; } = new();

    /// <summary>The options of every branch.</summary>
    public BranchSections Branches { get; init; } = BranchSections.Empty;

    /// <summary>Whether blocks are solved in order, each on the output of the compressed ones before it.</summary>
    [AfterCalibration]
    public SequentialOptions Sequential { get; init; } = new();

    /// <summary>How the pieces of several branches at one site become one matrix.</summary>
    [AfterCalibration]
    public MergeOptions Merge { get; init; } = new();

    /// <summary>How the student learns from the teacher.</summary>
    [AfterCalibration]
    public DistillationOptions Distillation { get; init; } = new();

    /// <summary>How the student learns from text alone.</summary>
    [AfterCalibration]
    public FineTuningOptions Finetune { get; init; } = new();

    /// <summary>How teacher and student are scored.</summary>
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <summary>Further files that are written with the artifact.</summary>
    [AfterCalibration]
    public StorageOptions Storage { get; init; } = new();

    /// <summary>The messages that are written during the run.</summary>
    [AfterCalibration]
    public LoggingOptions Logging { get; init; } = new();

    /// <summary>The texts that statistics, training and evaluation use.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>The details of the passes over calibration text.</summary>
    public CalibrationOptions Calibration { get; init; } = new();

    /// <summary>Device, threads, seed and memory of the run.</summary>
    public RuntimeOptions Runtime { get; init; } = new();

    /// <summary>
    /// Whether a branch takes part: in hybrid mode when it is enabled, otherwise when the mode names it.
    /// </summary>
    /// <param name="branch">Name of a registered branch.</param>
    /// <returns>True when it takes part.</returns>
    public bool Uses(string branch) => Mode == Hybrid
        ? Branches.ByName.TryGetValue(branch, out IBranchOptions? options) && options.Enabled
        : Mode == branch;
}
