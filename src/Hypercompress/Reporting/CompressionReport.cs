using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Hypercompress.Evaluation.Suite;
using Hypercompress.Phases;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;
using Hypercompress.Reporting.Quality;

namespace Hypercompress.Reporting;

/// <summary>
/// Everything that a run has to say about its result. Every figure is measured unless its name says otherwise.
/// </summary>
public sealed record CompressionReport
{
    /// <summary>Name of the teacher.</summary>
    public required string Model { get; init; }

    /// <summary>
    /// The model that was compressed in the teacher's place, in a few words; null for the teacher itself. Ratios count
    /// against the teacher in any case.
    /// </summary>
    public string? Student { get; init; }

    /// <summary>Folder that holds the artifact.</summary>
    public required string Artifact { get; init; }

    /// <summary><c>hybrid</c>, or the only branch that worked.</summary>
    public required string Mode { get; init; }

    /// <summary>The ratio that was asked for.</summary>
    public required double AskedRatio { get; init; }

    /// <summary>Bytes of the teacher's weights as published / bytes of the student's weights as written.</summary>
    public double CompressionRatio => Ratio(Bytes.Teacher, Bytes.Student);

    /// <summary>Stored parameters of the teacher / of the student.</summary>
    public double ParamRatio => Ratio(Parameters.Teacher, Parameters.Student);

    /// <summary>Bytes of the key/value cache per token, teacher / student.</summary>
    public double KvRatio => Ratio(KvBytesPerToken.Teacher, KvBytesPerToken.Student);

    /// <summary>Multiply-adds of the weight matrices per token, teacher / student.</summary>
    public double FlopRatio => Ratio(MultiplyAddsPerToken.Teacher, MultiplyAddsPerToken.Student);

    /// <summary>Bytes of the weights.</summary>
    public required TeacherStudent<long> Bytes { get; init; }

    /// <summary>Parameters that are stored; zeros that are not stored are not counted.</summary>
    public required TeacherStudent<long> Parameters { get; init; }

    /// <summary>Bytes of the key/value cache per token.</summary>
    public required TeacherStudent<long> KvBytesPerToken { get; init; }

    /// <summary>Memory that generating takes, an estimate; null in reports of others.</summary>
    public RuntimeMemory? Memory { get; init; }

    /// <summary>Multiply-adds of the weight matrices per token.</summary>
    public required TeacherStudent<long> MultiplyAddsPerToken { get; init; }

    /// <summary>Perplexities on the first validation text; null without one.</summary>
    public TeacherStudent<double>? Perplexity => Evaluation.Texts is [var first, ..]
        ? new(first.Teacher.Perplexity, first.Student.Perplexity)
        : null;

    /// <summary>Standard errors of <see cref="Perplexity"/>.</summary>
    public TeacherStudent<double>? PerplexityStderr => Evaluation.Texts is [var first, ..]
        ? new(first.Teacher.PerplexityStandardError, first.Student.PerplexityStandardError)
        : null;

    /// <summary>Teacher and student side by side.</summary>
    public required EvaluationReport Evaluation { get; init; }

    /// <summary>Measurements of sites before anything was compressed.</summary>
    public required ImmutableArray<BaselineReport> Baselines { get; init; }

    /// <summary>Parameters and error of the weight matrices after structural factorization.</summary>
    public required StructureReport Structure { get; init; }

    /// <summary>
    /// Perplexity that the plan let expect on the first validation text before any training, from its beginning and the
    /// teacher's perplexity on all of it; null in reports of others.
    /// </summary>
    public PerplexityForecast? PredictedPerplexity { get; init; }

    /// <summary>
    /// The same after training; null where the run did not train, or where nothing comparable was measured before.
    /// </summary>
    public PerplexityForecast? PredictedTrainedPerplexity { get; init; }

    /// <summary>Distance of the matrices to the rate–distortion limit; null where nothing has an error.</summary>
    public RateLimit? Limit { get; init; }

    /// <summary>The result at every site, in the order of the decoder.</summary>
    public required ImmutableArray<SiteReport> Sites { get; init; }

    /// <summary>The results of every branch.</summary>
    public required ImmutableArray<BranchReport> Branches { get; init; }

    /// <summary>The results of the training phases; empty without training.</summary>
    public required ImmutableArray<TrainingReport> Training { get; init; }

    /// <summary>How long every phase took, in their order.</summary>
    public required ImmutableArray<PhaseReport> Phases { get; init; }

    /// <summary>The quality of the student in one sentence with its class; null without a validation text.</summary>
    public QualityReport? Quality => QualityReport.Of(Evaluation, Bytes.Teacher, Bytes.Student);

    /// <summary>
    /// What other sizes would cost by the same offers, by rising ratio; empty where the plan was given by hand.
    /// </summary>
    public ImmutableArray<FrontPoint> Front { get; init; } = [];

    /// <summary>The texts of the run; empty in reports of others.</summary>
    public ImmutableArray<TextReport> Texts { get; init; } = [];

    /// <summary>Continuations of the same prompts by both models; empty in reports of others.</summary>
    public ImmutableArray<ContinuationReport> Continuations { get; init; } = [];

    /// <summary>Program, machine and seed of the run; null in reports of others.</summary>
    public ConditionsReport? Conditions { get; init; }

    /// <summary>Wall-clock seconds of the whole run.</summary>
    public required double Seconds { get; init; }

    /// <summary>Largest resident memory of the process.</summary>
    public required long PeakRssBytes { get; init; }

    /// <summary>
    /// What was expected of time and memory; null for a run that went on with the work of a stopped one.
    /// </summary>
    public ExpectedReport? Expected { get; init; }

    /// <summary>Decisions that were made on the user's behalf, and warnings, in words.</summary>
    public required ImmutableArray<string> Notes { get; init; }

    /// <summary>Whether the student was trained after it was compressed.</summary>
    [JsonIgnore]
    public bool IsTrained => Training.Any(phase => phase.Steps > 0 && phase.Name != Phase.Student.Name);

    // A model without weights of a kind (no cache, say) has nothing to compress there.
    private static double Ratio(long teacher, long student) => student == 0 ? 1 : (double)teacher / student;
}
