using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Branches;
using Hypercompress.Branches.Registry;
using Hypercompress.Configuration;
using Hypercompress.Distillation;
using Hypercompress.Evaluation.Suite;
using Hypercompress.FineTuning;
using Hypercompress.Journal;
using Hypercompress.Merging;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Native;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.Phases;
using Hypercompress.Phases.Curves;
using Hypercompress.Pipeline.Calibration;
using Hypercompress.Pipeline.Keeping;
using Hypercompress.Pipeline.Offers;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Pipeline.Saving;
using Hypercompress.Pipeline.Scoring;
using Hypercompress.Pipeline.Solving;
using Hypercompress.Pipeline.Teaching;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;
using Hypercompress.Processes;
using Hypercompress.Surgery;
using Hypercompress.Targets;

namespace Hypercompress.Pipeline;

/// <summary>
/// The phases of a run, in the only place where their order is written down (those before planning: <see
/// cref="Calibrator"/>).
/// A phase reads what the phases before it made and makes one thing of its own; the types keep the order.
/// </summary>
public sealed class CompressionPipeline
{
    private readonly PipelineConfig _config;
    private readonly RuntimeTarget _target;
    private readonly RunEnvironment _environment;
    private readonly PhaseRunner _phases;
    private readonly ImmutableArray<CompressionBranch> _branches;
    private readonly EvaluationSuite _evaluation;
    private readonly Calibrator _calibrator;
    private readonly PlanMaker _plans;
    private readonly QualityGate _gate;
    private readonly PlanForecaster _forecaster;
    private readonly KeptForms _forms;

    /// <summary>Prepares a run.</summary>
    /// <param name="config">All options.</param>
    /// <param name="registry">The branches that there are.</param>
    /// <param name="log">Receives what happens.</param>
    /// <param name="clock">For timing.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <param name="processes">The processes that work on the run; null for this one alone.</param>
    /// <exception cref="Models.Errors.ConfigurationException">
    /// The configuration asks for something impossible.
    /// </exception>
    public CompressionPipeline(
        PipelineConfig config,
        BranchRegistry registry,
        LoggingManager log,
        TimeProvider clock,
        CancellationToken cancellation,
        IProcessGroup? processes = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(log);
        config = ConfigurationCheck.Complete(config, registry.Registrations);
        BranchAblations.Check(config.Evaluation, config.Uses);
        _config = config;
        _target = RuntimeTargets.Find(config.Targets.Runtime);
        processes ??= SingleProcess.Instance;
        if (config.Logging.Tensorboard is { } curves && processes.Rank == 0)
        {
            log = new LoggingManager([log, new EventFileObserver(curves, clock)]);
        }

        _environment =
            new RunEnvironment(log, clock, config.Runtime.Threads ?? Environment.ProcessorCount, cancellation)
            {
                Processes = processes,
            };
        _evaluation = new EvaluationSuite(config.Evaluation) { Processes = processes };
        _phases = new PhaseRunner(_environment, config.Runtime.MaxRam?.Bytes);
        _branches = TakingPart.Create(config, registry, _target);
        var fingerprint = new OfferBookFingerprint(
            PipelineConfigWriter.WriteForOffers(config), config.Data.Calibration, config.Data.Validation);
        var books =
            new OfferBookStore(
                config.Planner, config.Evaluation, fingerprint, _target, _branches, _phases, _environment);
        _calibrator = new Calibrator(config.Data, config.Calibration, config.Runtime, _target, books, _phases);
        _plans = new PlanMaker(config.Targets, config.Planner, MergeStrategies.Create(config.Merge).Rule, _branches);
        _gate = new QualityGate(config.Planner, _plans);
        _forms = new KeptForms(registry.CreateCatalog());
        _forecaster = new PlanForecaster(
            _gate, config.Distillation.PlannedTokens + config.Finetune.PlannedTokens, config.Runtime.MaxRam?.Bytes);
    }

    /// <summary>Compresses a model, or goes on with a run of the same inputs that was stopped.</summary>
    /// <param name="request">The model and the folder of the artifact.</param>
    /// <returns>The artifact with all measurements.</returns>
    /// <exception cref="OperationCanceledException">The run was stopped; it can go on from where it is.</exception>
    /// <exception cref="HypercompressException">See the type of the exception.</exception>
    /// <exception cref="IOException">
    /// The disk is full, a folder cannot be written to, or another process works on the same artifact.
    /// </exception>
    public PipelineArtifacts Run(PipelineRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        using OutputClaim output = OutputClaim.Of(request.Output);
        _environment.Processes.Ask(holds: true);
        using Activity? activity = RunTelemetry.BeginRun("compress", request.Package.Label);
        using RunResources resources = Occupy(request.Package);
        _evaluation.Check();
        ModelOutline outline = ModelOutlineReader.Read(request.Package, _target);
        _plans.Check(request.PlanFile, outline);
        DiskSpace.Require(request.Output, outline, _config);
        CalibrationStart start = _calibrator.Prepare(request.Package, request.StatisticsFile);
        RunInputs inputs = InputsOf(request, start);
        SameInputs.Require(_environment.Processes, inputs, start.Found is not null);
        using RunJournal journal = RunJournal.Open(request.Output, inputs, request.Start, request.Replace);
        request = request with { Replace = request.Replace || journal.Replaces };
        ArtifactTarget.Check(request.Output, request.Replace);
        try
        {
            PipelineArtifacts made = Run(request, start, inputs, journal)!;
            journal.Remove();
            return made;
        }
        catch (HypercompressException fault) when (fault is not CheckpointException)
        {
            // With the same inputs the run would come to the same end.
            journal.Remove();
            throw;
        }
    }

    /// <summary>
    /// Takes part in a run that process 0 of several carries out by <see cref="Run(PipelineRequest)"/>; writes no
    /// files but temporary ones.
    /// </summary>
    /// <param name="request">The same request; the folder of the artifact is not looked at.</param>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    /// <exception cref="HypercompressException">See the type of the exception.</exception>
    /// <exception cref="IOException">The disk for temporary files is full.</exception>
    public void Assist(PipelineRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!_environment.Processes.Ask(holds: false))
        {
            // The run was finished earlier.
            return;
        }

        using RunResources resources = Occupy(request.Package);
        _evaluation.Check();
        _plans.Check(request.PlanFile, ModelOutlineReader.Read(request.Package, _target));
        CalibrationStart start = _calibrator.Prepare(request.Package, request.StatisticsFile);
        RunInputs inputs = InputsOf(request, start);
        SameInputs.Require(_environment.Processes, inputs, start.Found is not null);
        Run(request, start, inputs, journal: null);
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

        CalibrationStart start = _calibrator.Prepare(request.Package, request.StatisticsFile);
        RunInputs inputs = InputsOf(request, start);
        JsonObject? finished = FinishedRun.Find(request.Output, inputs, _config);
        if (finished is not null)
        {
            // The others need not work.
            _environment.Processes.Ask(holds: false);
        }

        return finished;
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
        using Activity? activity = RunTelemetry.BeginRun("plan", package.Label);
        using RunResources resources = Occupy(package);
        _plans.Check(planFile, ModelOutlineReader.Read(package, _target));
        OfferBook book = _calibrator.Offers(_calibrator.Prepare(package, statisticsFile));
        CompressionPlan plan = _phases.Run(Phase.BudgetPlan, progress => Decide(planFile, book, progress));
        return _forecaster.Predict(plan, book);
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
        using Activity? activity = RunTelemetry.BeginRun("sweep", package.Label);
        using RunResources resources = Occupy(package);
        OfferBook book = _calibrator.Offers(_calibrator.Prepare(package, statisticsFile));
        return _phases.Run(Phase.BudgetPlans, _ => new PlanSweep(_plans, _forecaster).Run(book, ratios));
    }

    private RunInputs InputsOf(PipelineRequest request, CalibrationStart start) => RunFingerprint.Of(
        _config,
        start,
        request.PlanFile,
        _environment.Threads,
        _environment.Processes.Size,
        _calibrator.MemoryOf(request.Package).IsStreamed);

    private RunResources Occupy(ModelPackage package)
    {
        RunMemory memory = _calibrator.MemoryOf(package);
        memory.RequireWithin(_config.Runtime.MaxRam?.Bytes);
        return new RunResources(_environment.Threads, memory.DecodedBytes);
    }

    // The phases, in the only place where their order is written down.
    private PipelineArtifacts? Run(
        PipelineRequest request, CalibrationStart start, RunInputs inputs, RunJournal? journal)
    {
        long started = _environment.Clock.GetTimestamp();
        _phases.Journal = new SharedJournal(journal, _environment.Processes);
        if (journal?.Found > 0)
        {
            _environment.Log.Resumed(journal.Folder);
        }

        using Calibrated calibrated = _calibrator.Calibrate(start);
        CompressionPlan plan = _phases.Run(
            Phase.BudgetPlan,
            new JsonFormat<CompressionPlan>(),
            progress => MakePlan(request.PlanFile, calibrated.Book, progress));
        TrainingChoice training =
            ChooseTraining(plan, calibrated.Book, !_calibrator.MemoryOf(request.Package).IsStreamed);
        plan = _target.HoldsAllForms ? WithLevels(plan, training, calibrated.Book) : plan;
        SolvedSites solved = Solve(calibrated, plan);
        using StructuredModel student = _phases.Run(
            Phase.StructuralFactorization, _ => Build(calibrated, solved.Blueprint));
        calibrated.ReleaseStatistics();
        var trainer = new StudentTrainer(training, calibrated, _phases, _forms, _environment, _config.Runtime.Seed);
        DistilledModel distilled = trainer.Distill(student);
        TunedModel tuned = trainer.Tune(distilled);
        solved = solved.Of(tuned.Model);
        CompressionPlan built = PlanReconciliation.WithBuiltBytes(plan, solved.Blueprint) with
        {
            FixedBytes = plan.FixedBytes - _target.ExtraBytes(calibrated.Teacher.Decoder.Config),
        };
        EvaluationReport scores = _phases.RunTogether(
            Phase.Evaluation,
            new JsonFormat<EvaluationReport>(),
            progress => Evaluate(calibrated, tuned, built, progress));

        var state = new PipelineState(
            new ModelBundle(request.Package, calibrated.Teacher, tuned.Model, calibrated.Teacher.Label),
            calibrated.Baseline.Sites,
            built,
            solved.Artifacts,
            solved.Blueprint,
            student.Report,
            distilled.History,
            tuned.History,
            scores,
            calibrated.Book);
        start.RequireUnchanged();
        return journal is null
            ? null
            : _phases.Run(Phase.Save, _ => Save(request, state, calibrated, inputs, journal.Stage, started));
    }

    private CompressionPlan MakePlan(string? planFile, OfferBook book, PhaseProgress progress)
    {
        CompressionPlan plan = Decide(planFile, book, progress);
        bool decided = planFile is not null || _config.Planner.Mode == PlannerOptions.Manual;
        if (_gate.Require(plan, book, decided) is { } remark)
        {
            progress.Note(remark);
        }

        return plan;
    }

    private TrainingChoice ChooseTraining(CompressionPlan plan, OfferBook book, bool hasMemory)
    {
        double excess = book.Forecast.Curve.Loss(plan.PredictedLoss);
        var choice = TrainingChoice.Of(_config.Distillation, _config.Finetune, excess, hasMemory, _target);
        if (choice.Reason is { } reason)
        {
            _environment.Log.Noted(reason);
        }

        return choice;
    }

    private CompressionPlan WithLevels(CompressionPlan plan, TrainingChoice training, OfferBook book)
    {
        var choice = LevelCodeChoice.Of(training.Distillation, book.Forecast.Curve.Loss(plan.PredictedLoss));
        if (choice.Reason is { } reason)
        {
            _environment.Log.Noted(reason);
        }

        return choice.Apply(plan, _branches);
    }

    private CompressionPlan Decide(string? planFile, OfferBook book, PhaseProgress progress)
    {
        CompressionPlan plan = planFile is null ? _plans.Make(book) : _plans.Read(planFile, book);
        foreach (string note in plan.Notes)
        {
            progress.Note(note);
        }

        progress.Measure(MeasuredSeries.PlannedBytes, 0, plan.Bytes);
        progress.Measure(MeasuredSeries.PredictedLoss, 0, plan.PredictedLoss);
        return plan;
    }

    private SolvedSites Solve(Calibrated calibrated, CompressionPlan plan)
    {
        var order = SolvingOrder.Of(
            _config.Sequential, calibrated.Book.Forecast.Curve.Loss(plan.PredictedLoss), _target);
        var merger = new ProposalMerger(
            MergeStrategies.Create(_config.Merge),
            name => _branches.First(branch => branch.Name == name),
            calibrated.TeacherFormat);
        var runner = new BranchRunner(_branches, _environment.Threads, _environment.Clock);
        var solver = new SiteSolver(runner, merger, calibrated.Baseline, _forms, _environment);
        if (order.Reason is { } reason)
        {
            _environment.Log.Noted(reason);
        }

        return order.IsSequential
            ? solver.SolveInOrder(
                plan,
                calibrated.Teacher.Decoder,
                calibrated.Texts.DriftWindows(_config.Sequential.Tokens, _environment.Processes.Size),
                _config.Sequential,
                _phases)
            : solver.SolveAtOnce(plan, _phases);
    }

    private static StructuredModel Build(Calibrated calibrated, Blueprint blueprint)
    {
        DecoderModel teacher = calibrated.Teacher.Decoder;
        StructuredModel student = new ModelSurgeon().Apply(teacher, blueprint, calibrated.VectorFormat);
        student.Model.MoveTo(teacher.Device);
        return student;
    }

    private EvaluationReport Evaluate(
        Calibrated calibrated, TunedModel student, CompressionPlan plan, PhaseProgress progress) =>
        new StudentScoring(_config.Evaluation, _evaluation, calibrated.TeacherFormat)
            .Run(calibrated.Teacher, student.Model, plan, calibrated.Texts, progress);

    private PipelineArtifacts Save(
        PipelineRequest request,
        PipelineState state,
        Calibrated calibrated,
        RunInputs inputs,
        string stage,
        long started)
    {
        var settings = new ArtifactSettings(
            _config.Mode,
            PipelineConfigWriter.Write(_config),
            _config.Runtime.Seed,
            _config.Evaluation,
            _config.Storage);
        var saver = new ArtifactManager(settings, calibrated.TeacherFormat, calibrated.VectorFormat, _environment);
        double seconds = _environment.Clock.GetElapsedTime(started).TotalSeconds + _phases.KeptSeconds;
        var record = new RunRecord(_phases.Records, seconds, _environment.Log.Notes)
        {
            Front = Front(state),
            Inputs = inputs,
            Stage = stage,
        };
        return saver.Save(request, state, calibrated.Texts, record);
    }
    // A plan by hand does not say what another size would be made of.
    private ImmutableArray<FrontPoint> Front(PipelineState state) =>
        _config.Planner.Mode != PlannerOptions.Manual && state.Evaluation.Texts is [var first, ..]
            ? new QualityFront(_plans).Points(state.Book, first.Teacher.Perplexity)
            : [];
}
