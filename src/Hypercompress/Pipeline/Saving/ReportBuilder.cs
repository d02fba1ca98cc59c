using System.Collections.Immutable;
using Hypercompress.Evaluation.Suite;
using Hypercompress.NumberFormats;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Reporting;
using Hypercompress.Surgery;

namespace Hypercompress.Pipeline.Saving;

/// <summary>Gathers the measurements of a run into its report.</summary>
/// <param name="mode">The branches that worked: <c>hybrid</c> or the name of one.</param>
/// <param name="teacherFormat">Number format of the teacher's tensors.</param>
/// <param name="vectorFormat">Number format of the student's norms and biases.</param>
internal sealed class ReportBuilder(string mode, ValueFormat teacherFormat, ValueFormat vectorFormat)
{
    /// <summary>Builds the report.</summary>
    /// <param name="request">The teacher and where the artifact goes.</param>
    /// <param name="state">The results of the phases.</param>
    /// <param name="record">Time, memory and notes of the run.</param>
    /// <returns>The report.</returns>
    public CompressionReport Build(PipelineRequest request, PipelineState state, RunRecord record)
    {
        ModelFootprint teacher = ModelFootprint.Of(state.Bundle.Teacher.Decoder, teacherFormat);
        ModelFootprint student = ModelFootprint.Of(state.Bundle.Student!, vectorFormat);
        var memory = RuntimeMemory.Of(state.Bundle.Student!, CacheBytes(student));

        // The last of what takes time before the report is written.
        RunTimes times = record.Times();
        return new CompressionReport
        {
            Model = state.Bundle.Label,
            Artifact = request.Output,
            Mode = mode,
            AskedRatio = state.Plan.AskedRatio,
            Bytes = new(request.Package.PublishedBytes, student.Bytes),
            Parameters = new(teacher.Parameters, student.Parameters),
            KvBytesPerToken = new(CacheBytes(teacher), CacheBytes(student)),
            Memory = memory,
            MultiplyAddsPerToken = new(teacher.MultiplyAdds, student.MultiplyAdds),
            Evaluation = WithoutFolders(state.Evaluation),
            Baselines = [.. state.Baselines.Select(BaselineReport.From)],
            Structure = Structure(state.Structure),
            PredictedPerplexity = Losses(state).Predict(state.Plan.PredictedLoss),
            PredictedTrainedPerplexity = PredictTrained(state),
            Limit = Limit(state),
            Sites = Sites(state),
            Branches = [.. state.BranchResults.Select(BranchReport.From)],
            Student = state.Prepared?.Description,
            Training =
            [
                .. Trained(state.Prepared),
                TrainingReport.From(Phase.Distillation.Name, state.DistillationHistory),
                TrainingReport.From(Phase.FineTuning.Name, state.FineTuningHistory),
            ],
            Phases = [.. times.Phases.Select(phase => new PhaseReport(phase.Phase.Name, phase.Seconds)
            {
                PeakRssBytes = phase.PeakMemoryBytes,
            })],
            Front = state.Front,
            Seconds = times.Seconds,
            PeakRssBytes = times.Phases.Max(phase => phase.PeakMemoryBytes),
            Expected = Expected(state, record),
            Notes = record.Notes,
        };
    }

    private static ExpectedReport? Expected(PipelineState state, RunRecord record)
    {
        bool trained = state.DistillationHistory.Steps.Length + state.FineTuningHistory.Steps.Length > 0;
        return record.Expected is { } expected
            ? new ExpectedReport(expected.SecondsOf(trained), expected.PeakOf(trained))
            : null;
    }

    private static IEnumerable<TrainingReport> Trained(PreparedStudent? student) =>
        student is null ? [] : [TrainingReport.From(Phase.Student.Name, student.History)];

    // Reports are published: the folders of the machine that the texts were on are nobody's business.
    private static EvaluationReport WithoutFolders(EvaluationReport scores) => scores with
    {
        Texts =
        [
            .. scores.Texts.Select(text => text with
            {
                Teacher = text.Teacher with { File = Path.GetFileName(text.Teacher.File) },
                Student = text.Student with { File = Path.GetFileName(text.Student.File) },
            }),
        ],
    };

    private static long CacheBytes(ModelFootprint model) =>
        InferenceCost.BytesPerCachedValue * model.CachedValuesPerToken;

    private static StructureReport Structure(StructuralReport structure) =>
        new(structure.DenseParameters, structure.StoredParameters, structure.Ratio, structure.Error);

    private static RateLimit? Limit(PipelineState state) => RateLimit.Of(state.Merged.Sites.Zip(
        state.Book.Sites,
        (built, offers) => new StoredSite(
            built.Site.ElementCount, built.Matrix.StoredBytes, built.Error, offers.Limit)));

    private ImmutableArray<SiteReport> Sites(PipelineState state) =>
    [
        .. state.Plan.Sites.Zip(state.Merged.Sites, state.Book.Sites).Select(site => SiteReport.From(
            site.First,
            site.Second,
            teacherFormat.StoredBytes(site.First.Site.Rows, site.First.Site.Columns),
            site.Third.Limit)),
    ];

    // The forecast was made on the beginning of the text; relative to the teacher it holds for all of it. Another model
    // in the teacher's place was measured on that beginning alone.
    private static LossModel Losses(PipelineState state) =>
        state.Prepared is null && state.Evaluation.Texts is [var first, ..]
            ? state.Book.Forecast with { TeacherPerplexity = first.Teacher.Perplexity }
            : state.Book.Forecast;

    // A run may find that there is nothing to train after all.
    private static PerplexityForecast? PredictTrained(PipelineState state) =>
        state.DistillationHistory.Steps.Length > 0
            ? state.Training?.Predict(Losses(state), state.Plan.PredictedLoss)
            : null;
}
