using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Analysis;
using Hypercompress.Artifacts;
using Hypercompress.Branches;
using Hypercompress.Branches.Registry;
using Hypercompress.Configuration;
using Hypercompress.Distillation;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Evaluation.Suite;
using Hypercompress.FineTuning;
using Hypercompress.Merging;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.NumberFormats;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Offers;
using Hypercompress.Pipeline.Plans;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Pipeline.Saving;
using Hypercompress.Pipeline.Solving;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Surgery;
using static TorchSharp.torch;

namespace Hypercompress.Pipeline;

/// <summary>
/// The eight phases, in the only place where their order stands. A phase reads what the phases before it made and makes one
/// thing of its own; the types keep the order.
/// </summary>
public sealed class CompressionPipeline
{
    private readonly PipelineConfig _config;
    private readonly LoggingManager _log;
    private readonly TimeProvider _clock;
    private readonly PhaseRunner _phases;
    private readonly ImmutableArray<CompressionBranch> _branches;
    private readonly EvaluationSuite _evaluation;
    private readonly int _threads;
    private readonly OfferBookStore _books;
    private readonly PlanMaker _plans;
    private readonly QualityGate _gate;
    private readonly PlanForecaster _outlook;

    /// <summary>Prepares a run.</summary>
    /// <param name="config">What is wanted.</param>
    /// <param name="registry">The branches there are.</param>
    /// <param name="log">Is told what happens.</param>
    /// <param name="clock">For timing.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="Models.Errors.ConfigurationException">The configuration asks for what cannot be done.</exception>
    public CompressionPipeline(
        PipelineConfig config,
        BranchRegistry registry,
        LoggingManager log,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(log);
        BranchAblations.Check(config);
        (_config, _log, _clock) = (config, log, clock);
        _evaluation = new EvaluationSuite(config.Evaluation);
        _threads = config.Runtime.Threads ?? Environment.ProcessorCount;
        _phases = new PhaseRunner(new RunEnvironment(log, clock, cancellation, _threads), config.Runtime.MaxRam?.Bytes);
        var settings = new BranchSettings(
            config.Targets.MaxRankFraction, config.Planner.Mode == PlannerOptions.Manual, config.Runtime.Seed);
        _branches =
        [
            .. registry.Registrations.Where(known => config.Uses(known.Name))
                .Select(known => registry.Create(known.Name, config.Branches[known.Name], settings)),
        ];
        _books = new OfferBookStore(config, _branches, _phases, log, _threads);
        _plans = new PlanMaker(config, _branches);
        _gate = new QualityGate(config, _plans);
        _outlook = new PlanForecaster(config, _gate);
    }

    /// <summary>Compresses a model.</summary>
    /// <param name="request">The model and where the artifact goes.</param>
    /// <returns>The artifact and everything that was measured.</returns>
    public PipelineArtifacts Run(PipelineRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArtifactTarget.Check(request.Output, request.Replace);
        set_num_threads(_threads);
        long started = _clock.GetTimestamp();
        _evaluation.Check();
        OfferBook? found = _books.TryOpen(request.StatisticsFile, request.Package);
        using LanguageModel teacher = _phases.Run(Phase.Load, _ => Load(request.Package));
        RunTexts texts = _phases.Run(Phase.ReadTexts, progress => ReadTexts(teacher, progress));
        using var resources = new RunResources();

        BaselineResult baseline = resources.Own(_phases.Run(Phase.BaselineAnalysis, progress => Analyze(teacher.Decoder, texts, progress)));
        OfferBook book = found is null
            ? _books.Create(request.StatisticsFile, request.Package, teacher, texts, baseline, KeepFormat(request.Package))
            : _books.Reuse(found);
        CompressionPlan plan = _phases.Run(Phase.BudgetPlan, progress => MakePlan(request.PlanFile, book, progress));
        SolvingOrder order = SolvingOrder.Of(_config.Sequential, book.Forecast.Curve.Loss(plan.PredictedLoss));
        (ImmutableArray<BranchArtifact> artifacts, Blueprint blueprint) = Solve(request.Package, teacher, texts, (plan, order), baseline);
        StructuredModel student = resources.Own(_phases.Run(Phase.StructuralFactorization, _ => Build(request.Package, teacher, blueprint)));
        resources.Release(baseline);
        DistilledModel distilled = _phases.Run(Phase.Distillation, progress => Distill(teacher, student, texts, progress));
        TunedModel tuned = _phases.Run(Phase.FineTuning, progress => Tune(request.Package, distilled, texts, progress));
        CompressionPlan settled = PlanReconciliation.WithBuiltBytes(plan, blueprint);
        EvaluationReport scores = _phases.Run(Phase.Evaluation, progress => Evaluate(request.Package, teacher, tuned, settled, texts, progress));

        var bundle = new ModelBundle(request.Package, teacher, tuned.Model, teacher.Label);
        var state = new PipelineState(
            bundle,
            baseline.Sites,
            settled,
            artifacts,
            blueprint,
            student.Report,
            distilled.History,
            tuned.History,
            scores,
            book);
        return _phases.Run(Phase.Save, _ => Save(request, state, texts, started));
    }

    /// <summary>Decides what would be done, without doing it.</summary>
    /// <param name="package">The teacher.</param>
    /// <param name="planFile">A plan to look at instead of making one, or null.</param>
    /// <param name="statisticsFile">File that keeps what calibration told, for other targets; null to keep nothing.</param>
    /// <returns>The plan and what it lets expect.</returns>
    public PlanForecast Plan(ModelPackage package, string? planFile, string? statisticsFile = null)
    {
        OfferBook book = Calibrate(package, statisticsFile);
        CompressionPlan plan = _phases.Run(Phase.BudgetPlan, progress => Note(
            planFile is null ? _plans.Make(book) : _plans.Read(planFile, book), progress));
        return _outlook.Predict(plan, book);
    }

    /// <summary>Decides what would be done at several ratios, from one calibration.</summary>
    /// <param name="package">The teacher.</param>
    /// <param name="ratios">The ratios; none for points along the whole range that can be reached.</param>
    /// <param name="statisticsFile">As for <see cref="Plan"/>.</param>
    /// <returns>The plans and what they let expect.</returns>
    /// <exception cref="BudgetException">None of the ratios can be reached.</exception>
    public SweepRun Sweep(ModelPackage package, ImmutableArray<double> ratios, string? statisticsFile = null)
    {
        OfferBook book = Calibrate(package, statisticsFile);
        return _phases.Run(Phase.BudgetPlans, _ => new PlanSweep(_plans, _outlook).Run(book, ratios));
    }

    private OfferBook Calibrate(ModelPackage package, string? statisticsFile)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (_books.TryOpen(statisticsFile, package) is { } found)
        {
            return _books.Reuse(found);
        }

        set_num_threads(_threads);
        using LanguageModel teacher = _phases.Run(Phase.Load, _ => Load(package));
        RunTexts texts = _phases.Run(Phase.ReadTexts, progress => ReadTexts(teacher, progress));
        using BaselineResult baseline = _phases.Run(Phase.BaselineAnalysis, progress => Analyze(teacher.Decoder, texts, progress));
        return _books.Create(statisticsFile, package, teacher, texts, baseline, KeepFormat(package));
    }

    private LanguageModel Load(ModelPackage package)
    {
        LanguageModel model = LanguageModel.Load(package);
        try
        {
            FiniteWeights.Require(model.Decoder, package.Location);
        }
        catch
        {
            model.Dispose();
            throw;
        }

        model.Decoder.MoveTo(DeviceSelection.Of(_config.Runtime.Device));
        return model;
    }

    private RunTexts ReadTexts(LanguageModel teacher, PhaseProgress progress)
    {
        RunTexts texts = RunTexts.Read(_config.Data, teacher);
        foreach (string note in texts.Notes)
        {
            progress.Note(note);
        }

        return texts;
    }

    private BaselineResult Analyze(DecoderModel teacher, RunTexts texts, PhaseProgress progress)
    {
        var options = new CalibrationOptions
        {
            FisherTokens = checked((int)_config.Data.FisherTokens),
            OutputMetric = Enum.Parse<OutputMetric>(_config.Data.OutputMetric, ignoreCase: true),
            Seed = _config.Runtime.Seed,
        };
        CalibrationStatistics statistics = new CalibrationPass(options).Run(
            teacher,
            texts.CalibrationWindows(),
            (done, total) => progress.Report(done, total, "tokens"),
            texts.Calibration,
            progress.Cancellation);
        foreach (string note in statistics.Notes)
        {
            progress.Note(note);
        }

        return BaselineResult.Measure(statistics, progress.Cancellation);
    }

    private CompressionPlan MakePlan(string? planFile, OfferBook book, PhaseProgress progress)
    {
        CompressionPlan plan = Note(planFile is null ? _plans.Make(book) : _plans.Read(planFile, book), progress);
        bool decided = planFile is not null || _config.Planner.Mode == PlannerOptions.Manual;
        _gate.Require(plan, book, decided, progress);
        return plan;
    }

    private static CompressionPlan Note(CompressionPlan plan, PhaseProgress progress)
    {
        foreach (string note in plan.Notes)
        {
            progress.Note(note);
        }

        return plan;
    }

    private SolvedSites Solve(
        ModelPackage package,
        LanguageModel teacher,
        RunTexts texts,
        (CompressionPlan Plan, SolvingOrder Order) decided,
        BaselineResult baseline)
    {
        var merger = new ProposalMerger(
            MergeStrategies.Create(_config.Merge), name => _branches.First(branch => branch.Name == name), KeepFormat(package));
        var solver = new SiteSolver(new BranchRunner(_branches, _threads, _clock), merger, baseline);
        if (decided.Order.Reason is { } reason)
        {
            _log.Noted(reason);
        }

        return decided.Order.IsSequential
            ? solver.SolveInOrder(
                decided.Plan, teacher.Decoder, texts.DriftWindows(_config.Sequential.Tokens), _config.Sequential, _phases)
            : solver.SolveAtOnce(decided.Plan, _phases);
    }

    private StructuredModel Build(ModelPackage package, LanguageModel teacher, Blueprint blueprint)
    {
        StructuredModel student = new ModelSurgeon().Apply(teacher.Decoder, blueprint, KeepFormat(package));
        student.Model.MoveTo(teacher.Decoder.Device);
        return student;
    }

    private DistilledModel Distill(
        LanguageModel teacher, StructuredModel student, RunTexts texts, PhaseProgress progress) =>
        new KnowledgeDistiller(_config.Distillation, _config.Runtime.Seed)
            .Distill(teacher.Decoder, student, texts.TrainingTokens(), TrainingProgressRelay.Watch(progress, _clock));

    private TunedModel Tune(ModelPackage package, DistilledModel distilled, RunTexts texts, PhaseProgress progress)
    {
        TunedModel tuned = new FineTuner(_config.Finetune, _config.Runtime.Seed)
            .Run(distilled, texts.TrainingTokens(), TrainingProgressRelay.Watch(progress, _clock));
        ModelSurgeon.RoundVectors(tuned.Model, KeepFormat(package));
        return tuned;
    }

    private EvaluationReport Evaluate(
        ModelPackage package,
        LanguageModel teacher,
        TunedModel student,
        CompressionPlan plan,
        RunTexts texts,
        PhaseProgress progress)
    {
        NoteCuts(texts, progress);

        // The student keeps its owner: only the names around it are new.
        EvaluationReport report = _evaluation.Run(
            teacher,
            teacher.With(student.Model),
            texts.Validation,
            new EvaluationProgressRelay(progress),
            cancellation: progress.Cancellation);
        return report with
        {
            Ablations = new BranchAblations(_config, KeepFormat(package))
                .Measure(teacher.Decoder, student.Model, plan, texts.Validation[0], progress),
        };
    }

    private void NoteCuts(RunTexts texts, PhaseProgress progress)
    {
        foreach (EvaluationText text in texts.Validation.Where(text => text.Ids.Length > _config.Evaluation.MaxTokens))
        {
            string cut = string.Create(
                CultureInfo.InvariantCulture,
                $"{text.File}: {_config.Evaluation.MaxTokens:N0} of {text.Ids.Length:N0} tokens are scored (evaluation.max_tokens)");
            progress.Note(cut);
        }
    }

    private PipelineArtifacts Save(PipelineRequest request, PipelineState state, RunTexts texts, long started)
    {
        var saver = new ArtifactManager(_config, _threads, KeepFormat(request.Package), _clock);
        double seconds = _clock.GetElapsedTime(started).TotalSeconds;
        return saver.Save(request, state, texts, new RunRecord(_phases.Records, seconds, _log.Notes));
    }

    private static ValueFormat KeepFormat(ModelPackage package) => package.StoredType switch
    {
        "F32" => ValueFormat.Float32,
        "BF16" => ValueFormat.BFloat16,
        _ => ValueFormat.Float16,
    };
}
