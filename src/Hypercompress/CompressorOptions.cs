using System.Collections.Immutable;
using Hypercompress.Branches.Registry;
using Hypercompress.Configuration;
using Hypercompress.Phases;
using Microsoft.Extensions.Logging;

namespace Hypercompress;

/// <summary>What a run of the <see cref="Compressor"/> may be told beside the model, the size and the folder.</summary>
public sealed record CompressorOptions
{
    /// <summary>
    /// All settings. Branches without a section of their own have their defaults. Without <c>Data.Calibration</c> the
    /// model writes its calibration text itself, which gives worse results than text from its domain.
    /// </summary>
    /// <value>The default has every setting at its default.</value>
    public PipelineConfig Config { get; init; } = new();

    /// <summary>The branches and number formats that there are.</summary>
    /// <value>The default has those of the library.</value>
    public BranchRegistry Registry { get; init; } = new();

    /// <summary>Receives progress, on the thread of the run unless it passes it on, as <see cref="Progress{T}"/> does.
    /// </summary>
    /// <value>The default is none.</value>
    public IProgress<CompressionProgress>? Progress { get; init; }

    /// <summary>
    /// Receives one entry when a phase begins and when it ends, notes as warnings, and steps at the level of debugging.
    /// </summary>
    /// <value>The default is none.</value>
    public ILogger? Logger { get; init; }

    /// <summary>Receive every event, also measured values such as the loss of training.</summary>
    /// <value>The default is none.</value>
    public ImmutableArray<IPipelineObserver> Observers { get; init; } = [];

    /// <summary>Whether an artifact that is already in the folder may be replaced.</summary>
    /// <value>The default is false.</value>
    public bool Replace { get; init; }

    /// <summary>A plan to carry out instead of making one.</summary>
    /// <value>The default is null: a plan is made.</value>
    public string? PlanFile { get; init; }

    /// <summary>A file that keeps the results of calibration, for other sizes of the same model.</summary>
    /// <value>The default is null: they are not kept.</value>
    public string? StatisticsFile { get; init; }

    /// <summary>For timing.</summary>
    /// <value>The default is the clock of the system.</value>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
