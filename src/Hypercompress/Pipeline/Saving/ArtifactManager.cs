using System.Collections.Immutable;
using Hypercompress.Artifacts;
using Hypercompress.Models.Files;
using Hypercompress.NumberFormats;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Planning.Files;
using Hypercompress.Reporting;
using Hypercompress.Reporting.Pages;

namespace Hypercompress.Pipeline.Saving;

/// <summary>Phase 8: writes the results of a run as one artifact, whole or not at all.</summary>
/// <param name="settings">The options of the run that the artifact depends on.</param>
/// <param name="teacherFormat">Number format of the teacher's tensors.</param>
/// <param name="vectorFormat">Number format that norms and biases are stored in.</param>
/// <param name="environment">Clock and threads of the run.</param>
internal sealed class ArtifactManager(
    ArtifactSettings settings, ValueFormat teacherFormat, ValueFormat vectorFormat, RunEnvironment environment)
{
    private const string TorchCheckpoint = "torch_checkpoint";
    private const int ProbeTokens = 32;

    /// <summary>Writes the artifact.</summary>
    /// <param name="request">The teacher and where the artifact goes.</param>
    /// <param name="state">The results of the phases.</param>
    /// <param name="texts">The run's texts.</param>
    /// <param name="record">Time, memory and notes of the run.</param>
    /// <returns>The artifact.</returns>
    public PipelineArtifacts Save(PipelineRequest request, PipelineState state, RunTexts texts, RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(texts);
        using var staged = ArtifactTarget.Stage(request.Output, request.Replace, record.Stage);
        ImmutableArray<ContinuationReport> written = new TextSampler(environment.Clock).Write(state.Bundle, texts);
        CompressionReport report = new ReportBuilder(settings.Mode, teacherFormat, vectorFormat)
            .Build(request, state, record) with
        {
            Texts = texts.Describe([.. state.Evaluation.Texts.Select(text => text.Teacher.Tokens)]),
            Continuations = written,
            Conditions = ConditionsReport.Here(settings.Seed, environment.Threads),
        };
        CompressionReport published = WithoutFolder(report);
        var contents = new ArtifactContents(
            state.Bundle.Student!,
            state.Prepared?.Config ?? request.Package.Config,
            request.Package.SideFiles,
            vectorFormat,
            Texts(state, published)
                .AddRange(new TaskScoreFiles(settings.Evaluation, environment.Clock).Write(state, record)),
            state.Bundle.Label,
            request.Package.PublishedBytes,
            settings.Seed,
            environment.Threads,
            texts.Hashes.ByName,
            texts.FirstTokens(int.Min(ProbeTokens, state.Bundle.Teacher.MaxContext)),
            settings.Storage.MaxShardBytes.Bytes)
        {
            LoadsInPython = settings.Storage.Python,
            Inputs = record.Inputs.Hashes,
        };
        ArtifactManifest manifest =
            ArtifactWriter.Write(staged.Path, contents, folder => Export(folder, contents, published));
        staged.Publish();
        return new PipelineArtifacts(
            request.Output,
            manifest,
            report,
            new TextSamples(written[0].Prompt, written[0].Teacher, written[0].Student));
    }

    // Where the artifact was made is nobody's business, and wrong as soon as it moves.
    private static CompressionReport WithoutFolder(CompressionReport report) => report with
    {
        Artifact = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(report.Artifact))),
    };

    private static ImmutableSortedDictionary<string, string> NoTexts { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    private ImmutableSortedDictionary<string, string> Texts(PipelineState state, CompressionReport report) => NoTexts
        .Add(ArtifactLayout.Plan, PlanJson.Write(state.Plan))
        .Add(ArtifactLayout.Report, ReportJson.Write(report))
        .Add(ArtifactLayout.Page, ReportPage.Write(ReportJson.ToNode(report)))
        .Add(ArtifactLayout.Metrics, MetricLines.Write(environment.Log.Values))
        .Add(ArtifactLayout.Card, ModelCard.Write(report, settings.Storage.Python))
        .Add(ArtifactLayout.Recipe, settings.Recipe);

    private void Export(string folder, ArtifactContents contents, CompressionReport report)
    {
        if (settings.Storage.Export.Contains(TorchCheckpoint))
        {
            TorchCheckpointFile.Write(
                Path.Combine(folder, ArtifactLayout.TorchCheckpoint),
                ArtifactWriter.Store(contents.Student, vectorFormat),
                contents.Config,
                ReportJson.ToNode(report));
        }
    }
}
