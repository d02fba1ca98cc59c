using System.Collections.Immutable;
using System.Diagnostics;
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
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.Phases;
using Hypercompress.Phases.Curves;
using Hypercompress.Pipeline.Calibration;
using Hypercompress.Pipeline.Keeping;
using Hypercompress.Pipeline.Offers;
using Hypercompress.Pipeline.Preparing;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Pipeline.Saving;
using Hypercompress.Pipeline.Scoring;
using Hypercompress.Pipeline.Solving;
using Hypercompress.Pipeline.Teaching;
using Hypercompress.Planning;
using Hypercompress.Planning.Outlook;
using Hypercompress.Processes;
using Hypercompress.Students;
using Hypercompress.Surgery;
using Hypercompress.Targets;

namespace Hypercompress.Pipeline;

/// <summary>
/// The phases of a run, in the only place where their order is written down (those before planning: <see
/// cref="Calibrator"/>).
/// A phase reads what the phases before it made and makes one thing of its own; the types keep the order.
/// </summary>
public sealed partial class CompressionPipeline
{
    private readonly PipelineConfig _config;
    private readonly RuntimeTarget _target;
    private readonly RunEnvironment _environment;
    private readonly PhaseRunner _phases;
    private readonly ImmutableArray<CompressionBranch> _branches;
    private readonly EvaluationSuite _evaluation;
    private readonly Calibrator _calibrator;
    private readonly PlanMaker _plans;
    private readonly PlanDecision _decision;
    private readonly QualityGate _gate;
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
        if (processes.Size > 1 && config.Distillation.TeacherCache is not null)
        {
            throw new ConfigurationException(
                "distillation.teacher_cache is for runs of one process; leave it out with mpirun");
        }

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
        _calibrator = new Calibrator(
            config.Data,
            config.Calibration,
            config.Runtime,
            _target,
            books,
            new StudentMaker(config, clock),
            _phases);
        _plans = new PlanMaker(config.Targets, config.Planner, MergeStrategies.Create(config.Merge).Rule, _branches);
        _gate = new QualityGate(config.Planner, _plans);
        _decision = new PlanDecision(config, _plans, _gate, _branches, _target, log);
        _forms = new KeptForms(registry.CreateCatalog());
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
        _environment.Processes.Ask(holds: true);
        using Activity? activity = RunTelemetry.BeginRun("compress", request.Package.Label);
        var student = StudentDesign.Of(_config, request.Package, request.Student);
        RequireNoStatistics(student, request.StatisticsFile);
        using RunResources resources = Occupy(request.Package, student);
        _evaluation.Check();
        ModelOutline outline = ModelOutlineReader.Read(request.Package, _target, student);
        CompressionPlan? plan = _plans.Check(request.PlanFile, outline);
        DiskSpace.Require(request.Output, request.StatisticsFile, outline, _config);
        _config.Distillation.RequireCache();
        CalibrationStart start = Prepare(request, student, plan);
        RunInputs inputs = InputsOf(request, start);
        SameInputs.Require(_environment.Processes, inputs, start.Found is not null);
        using RunJournal journal = RunJournal.Open(request.Output, inputs, request.Start, request.Replace);
        request = request with { Replace = request.Replace || journal.Replaces };
        ArtifactTarget.Check(request.Output, request.Replace);
        RunForecast? expected = journal.Found > 0 ? null : Expect(request, start, outline);
        try
        {
            PipelineArtifacts made = Run(request, start, inputs, journal, expected)!;
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

        var student = StudentDesign.Of(_config, request.Package, request.Student);
        using RunResources resources = Occupy(request.Package, student);
        _evaluation.Check();
        CompressionPlan? plan =
            _plans.Check(request.PlanFile, ModelOutlineReader.Read(request.Package, _target, student));
        CalibrationStart start = Prepare(request, student, plan);
        RunInputs inputs = InputsOf(request, start);
        SameInputs.Require(_environment.Processes, inputs, start.Found is not null);
        Run(request, start, inputs, journal: null, expected: null);
    }

    private CalibrationStart Prepare(PipelineRequest request, StudentDesign? student, CompressionPlan? plan) =>
        _calibrator.Prepare(request.Package, request.StatisticsFile, student) with
        {
            Plan = request.StatisticsFile is null ? plan : null,
        };

    private RunInputs InputsOf(PipelineRequest request, CalibrationStart start) => RunFingerprint.Of(
        _config,
        start,
        request.PlanFile,
        _environment.Threads,
        _environment.Processes.Size,
        _calibrator.MemoryOf(request.Package, start.Student).IsStreamed);

    private static void RequireNoStatistics(StudentDesign? student, string? file)
    {
        if (student is not null && file is not null)
        {
            throw new ConfigurationException(
                $"--statistics {file}: what is kept there is of the model itself; leave it out, or "
                + "student.model");
        }
    }

    private RunResources Occupy(ModelPackage package, StudentDesign? student = null)
    {
        RunMemory memory = _calibrator.MemoryOf(package, student);
        memory.RequireWithin(_config.Runtime.MaxRam?.Bytes);
        return new RunResources(_environment.Threads, memory);
    }

    // The phases, in the only place where their order is written down.
    private PipelineArtifacts? Run(
        PipelineRequest request, CalibrationStart start, RunInputs inputs, RunJournal? journal, RunForecast? expected)
    {
        long started = _environment.Clock.GetTimestamp();
        _phases.Journal = new SharedJournal(journal, _environment.Processes);
        if (journal?.Found > 0)
        {
            _environment.Log.Resumed(journal.Folder);
        }
        else if (expected is not null)
        {
            _environment.Log.Expected(expected);
        }

        using Calibrated calibrated = _calibrator.Calibrate(start);
        bool hasMemory = !_calibrator.MemoryOf(request.Package, start.Student).IsStreamed;
        CompressionPlan plan = _phases.Run(
            Phase.BudgetPlan,
            new JsonFormat<CompressionPlan>(),
            progress => _decision.Make(request.PlanFile, calibrated.Book, hasMemory, progress));
        ExpectedTraining? expectedTraining = _decision.ExpectTraining(plan, calibrated.Book, hasMemory);
        TrainingChoice training = _decision.ChooseTraining(plan, calibrated.Book, hasMemory);
        plan = _decision.WithLevels(plan, training, calibrated.Book);
        SolvedSites solved = Solve(calibrated, plan);
        using StructuredModel student = _phases.Run(
            Phase.StructuralFactorization, progress => Build(calibrated, solved.Blueprint, progress));
        calibrated.ReleaseStatistics();
        var trainer = new StudentTrainer(training, calibrated, _phases, _forms, _environment, _config.Runtime.Seed);
        DistilledModel distilled = trainer.Distill(student);
        TunedModel tuned = trainer.Tune(distilled);
        solved = solved.Of(tuned.Model);
        CompressionPlan built = PlanReconciliation.WithBuiltBytes(
            PlanReconciliation.OfArtifact(plan, _target, calibrated.Source.Config), solved.Blueprint);
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
            calibrated.Book)
        {
            Prepared = calibrated.Prepared,
            Training = expectedTraining,
            Front = start.Plan is null ? _decision.Front(calibrated.Book, scores, hasMemory) : [],
        };
        start.RequireUnchanged();
        return journal is null
            ? null
            : _phases.Run(Phase.Save, _ => Saver(calibrated).Save(
                request, state, calibrated.Texts, RecordOf(state, inputs, journal.Stage, started, expected)));
    }

    private SolvedSites Solve(Calibrated calibrated, CompressionPlan plan)
    {
        var merger = new ProposalMerger(
            MergeStrategies.Create(_config.Merge),
            name => _branches.First(branch => branch.Name == name),
            calibrated.TeacherFormat);
        var runner = new BranchRunner(_branches, _environment.Threads, _environment.Clock);
        var solver = new SiteSolver(runner, merger, calibrated.Baseline, _forms, _environment);
        return _decision.IsInOrder(plan, calibrated.Book)
            ? solver.SolveInOrder(
                plan,
                calibrated.Source,
                calibrated.Texts.DriftWindows(_config.Sequential.Tokens, _environment.Processes.Size),
                _config.Sequential,
                _phases)
            : solver.SolveAtOnce(plan, _phases);
    }

    private static StructuredModel Build(Calibrated calibrated, Blueprint blueprint, PhaseProgress progress)
    {
        SiteDistributions.Report(blueprint.Sites, calibrated.Book.Sites, progress);
        DecoderModel source = calibrated.Source;
        StructuredModel student = new ModelSurgeon().Apply(source, blueprint, calibrated.VectorFormat);
        student.Model.MoveTo(source.Device);
        return student;
    }

    private EvaluationReport Evaluate(
        Calibrated calibrated, TunedModel student, CompressionPlan plan, PhaseProgress progress) =>
        new StudentScoring(_config.Evaluation, _evaluation, calibrated.TeacherFormat)
            .Run(calibrated.Teacher, calibrated.Source, student.Model, plan, calibrated.Texts, progress);
}
