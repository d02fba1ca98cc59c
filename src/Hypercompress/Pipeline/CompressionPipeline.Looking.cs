using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Journal;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Calibration;
using Hypercompress.Pipeline.Keeping;
using Hypercompress.Pipeline.Offers;
using Hypercompress.Pipeline.Preparing;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;
using Hypercompress.Processes;
using Hypercompress.Students;

namespace Hypercompress.Pipeline;

/// <summary>What is looked at without carrying a plan out: plans, and runs that were finished.</summary>
public sealed partial class CompressionPipeline
{
    /// <summary>Looks at the target from the headers of a model alone: no text, and less than a second.</summary>
    /// <param name="package">The teacher's files.</param>
    /// <returns>Bytes, their bounds, and estimated memory and disk.</returns>
    /// <exception cref="BudgetException">The target is out of the bounds.</exception>
    /// <exception cref="ConfigurationException">A pattern of sites matches none.</exception>
    /// <exception cref="CheckpointException">
    /// The configuration of the model is incomplete or not supported.
    /// </exception>
    public HeaderForecast Look(ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        _target.Require(package.ReadDecoderConfig(), package.Config);
        ModelOutline outline = ModelOutlineReader.Read(package, _target);
        TargetBounds bounds = _plans.Bounds(outline);
        double ratio = _config.Targets.RatioFor(outline.TeacherBytes);
        bounds.Require(ratio, _plans.AsksInBytes);
        long parameters = outline.Sites.Sum(site => site.ElementCount);
        long bytes = Math.Min(PlanRequest.TargetFor(outline.TeacherBytes, ratio), bounds.MostBytes);
        return new HeaderForecast(
            ratio,
            outline.TeacherBytes,
            bytes,
            bounds.LeastBytes,
            bounds.MostBytes,
            parameters,
            RunMemory.Of(parameters, outline.Sites, _config.Runtime.MaxRam?.Bytes).PeakBytes,
            PlanForecaster.DiskBytes(bytes));
    }

    /// <summary>Makes a plan without carrying it out.</summary>
    /// <param name="package">The teacher.</param>
    /// <param name="planFile">A plan to judge instead of making one, or null.</param>
    /// <param name="statisticsFile">
    /// File that keeps the results of calibration for other targets; null for none.
    /// </param>
    /// <returns>The plan with its predicted quality and costs.</returns>
    public PlanForecast Plan(ModelPackage package, string? planFile, string? statisticsFile = null)
    {
        ArgumentNullException.ThrowIfNull(package);
        StudentModel.RequireNone(_config.Student);
        using Activity? activity = RunTelemetry.BeginRun("plan", package.Label);
        using RunResources resources = Occupy(package);
        ModelOutline outline = ModelOutlineReader.Read(package, _target);
        _plans.Check(planFile, outline);
        DiskSpace.RequireStatistics(statisticsFile, outline);
        OfferBook book = _calibrator.Offers(_calibrator.Prepare(package, statisticsFile));
        CompressionPlan plan = _phases.Run(Phase.BudgetPlan, progress => _decision.Propose(planFile, book, progress));
        return Forecaster(package).Predict(plan, book);
    }

    /// <summary>Makes plans for several ratios from one calibration, without carrying them out.</summary>
    /// <param name="package">The teacher.</param>
    /// <param name="ratios">The ratios; none for points along the whole range that can be reached.</param>
    /// <param name="statisticsFile">As for <see cref="Plan"/>.</param>
    /// <returns>The plans with their predicted quality and costs.</returns>
    /// <exception cref="BudgetException">None of the ratios can be reached.</exception>
    public SweepRun Sweep(ModelPackage package, ImmutableArray<double> ratios, string? statisticsFile = null)
    {
        ArgumentNullException.ThrowIfNull(package);
        StudentModel.RequireNone(_config.Student);
        using Activity? activity = RunTelemetry.BeginRun("sweep", package.Label);
        using RunResources resources = Occupy(package);
        ModelOutline outline = ModelOutlineReader.Read(package, _target);
        _plans.Bounds(outline).RequireAny(ratios);
        DiskSpace.RequireStatistics(statisticsFile, outline);
        OfferBook book = _calibrator.Offers(_calibrator.Prepare(package, statisticsFile));
        return _phases.Run(Phase.BudgetPlans, _ => new PlanSweep(_plans, Forecaster(package)).Run(book, ratios));
    }

    private PlanForecaster Forecaster(ModelPackage package)
    {
        bool hasMemory = !_calibrator.MemoryOf(package, student: null).IsStreamed;
        return new PlanForecaster(
            _gate, (plan, book) => _decision.ExpectTraining(plan, book, hasMemory), _config.Runtime.MaxRam?.Bytes);
    }

    /// <summary>The measurements of a run with the same inputs that was finished earlier.</summary>
    /// <param name="request">The model and the folder of the artifact.</param>
    /// <returns>
    /// The report of the artifact; null where there is none, or where the request does not ask to go on.
    /// </returns>
    /// <exception cref="CheckpointException">The artifact was changed after it was written.</exception>
    /// <exception cref="ConfigurationException">
    /// The run is to be resumed, and the artifact is that of other inputs.
    /// </exception>
    public JsonObject? FindFinished(PipelineRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        string work = WorkFolder.Of(request.Output);
        bool goesOn = request.Start == RunStart.Resume
            || (request.Start == RunStart.Continue && WorkFolder.IsWork(work) && !WorkFolder.IsInUse(work));
        if (!goesOn || !Artifact.IsArtifact(request.Output))
        {
            return null;
        }

        var student = StudentDesign.Of(_config, request.Package, request.Student);
        CalibrationStart start = _calibrator.Prepare(request.Package, request.StatisticsFile, student);
        RunInputs inputs = InputsOf(request, start);
        JsonObject? finished = FinishedRun.Find(request.Output, inputs, _config);
        if (finished is not null)
        {
            // The others need not work.
            _environment.Processes.Ask(holds: false);
        }

        return finished;
    }
}
