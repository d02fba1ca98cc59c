using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Evaluation.Suite;
using Hypercompress.Models.Errors;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Planning.Outlook;
using Hypercompress.Reporting;
using Hypercompress.Reporting.Pages;

namespace Hypercompress.Tests.Pipeline;

public sealed class CompressionPipelineTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    private static readonly string[] Phases =
    [
        "load", "read texts", "baseline analysis", "offers", "probes", "budget plan", "branches", "merge",
        "structural factorization", "distillation", "fine-tuning", "evaluation", "save",
    ];

    private static readonly string[] Training =
        ["distillation.enabled=true", "finetune.enabled=true", "targets.compression_ratio=3"];

    [Fact]
    public void Run_ThatDistils_PredictsBeforeAndAfterTraining_InNotesReportAndPages()
    {
        string[] settings = ["distillation.enabled=true", "targets.compression_ratio=3"];
        PlanForecast plan = tiny.Plan(settings);
        CompressionReport report = tiny.Compress(new BranchRegistry(), "predicted", [], settings).Report;

        Assert.Equal(256, plan.TrainingTokens);
        Assert.InRange(plan.Trained!.Perplexity, plan.TeacherPerplexity, plan.Prediction.Perplexity);
        Assert.Equal(
            plan.Trained.Perplexity / plan.TeacherPerplexity,
            report.PredictedTrainedPerplexity!.Perplexity / report.Perplexity!.Teacher,
            6);
        Assert.Contains(report.Front, point => point.TrainedPerplexity is not null);
        Assert.All(report.Front, point => Assert.False(point.TrainedPerplexity > point.Perplexity));
        Assert.Contains(report.Notes, note => note.StartsWith("the plan predicts a perplexity of", StringComparison.Ordinal));
        Assert.Contains(
            "; after training: ",
            File.ReadAllText(Path.Combine(report.Artifact, ArtifactLayout.Card)),
            StringComparison.Ordinal);
        Assert.Contains(
            " after training; ",
            File.ReadAllText(Path.Combine(report.Artifact, ArtifactLayout.Page)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_WithFineTuning_DoesNotSayWhatWasNotMeasured()
    {
        PlanForecast plan = tiny.Plan(Training);

        Assert.Equal(512, plan.TrainingTokens);
        Assert.Null(plan.Trained);
    }

    [Fact]
    public void Run_GoesThroughThePhasesInTheirOrder()
    {
        var observer = new RecordingObserver();

        PipelineArtifacts made = tiny.Compress(new BranchRegistry(), "phases", [observer], Training);

        Assert.Equal(Phases, observer.Started);
        Assert.Equal(Phases, observer.Ended);
        Assert.Equal(Phases, made.Report.Phases.Select(phase => phase.Name));
        Assert.InRange(made.Report.Seconds, made.Report.Phases.Sum(phase => phase.Seconds) - 0.1, 1e6);
        Assert.Equal(made.Report.Phases.Max(phase => phase.PeakRssBytes), made.Report.PeakRssBytes);
        Assert.All(made.Report.Training, training => Assert.True(training.Steps > 0));
        AssertMeasured(observer, Phase.Distillation, made.Report.Training[0].Steps);
        AssertMeasured(observer, Phase.FineTuning, made.Report.Training[1].Steps);
        string[] lines = File.ReadAllLines(Path.Combine(made.Folder, ArtifactLayout.Metrics));
        Assert.Equal(
            observer.Measurements.Where(value => value.Phase != Phase.Save)
                .Select(value => (value.Phase.Name, value.Series, value.Step, value.Value)),
            lines.Select(line => JsonNode.Parse(line)!).Select(line => (
                (string)line["phase"]!, (string)line["series"]!, (long)line["step"]!, (double)line["value"]!)));
        Assert.Equal(made.Manifest.WeightBytes, made.Report.Bytes.Student);
    }

    [Fact]
    public void Run_Report_HasTextsContinuationsFrontAndItsPage()
    {
        PipelineArtifacts made = tiny.Compress(new BranchRegistry(), "reported", [], "targets.compression_ratio=3");
        CompressionReport report = made.Report;

        Assert.Equal(["calibration.txt", "validation.txt"], report.Texts.Select(text => text.Name));
        Assert.Equal(["calibration", "validation"], report.Texts.Select(text => text.Use));
        Assert.Equal(made.Manifest.Data.Values, report.Texts.Select(text => text.Sha256));
        Assert.Equal(1024, report.Texts[0].UsedTokens);
        Assert.Equal(report.Evaluation.Texts[0].Teacher.Tokens, report.Texts[1].UsedTokens);
        Assert.All(report.Texts, text => Assert.InRange(text.UsedTokens, 1, text.Tokens));
        Assert.Equal([0, 0.8], report.Continuations.Select(text => text.Temperature));
        Assert.Equal(made.Samples.Student, report.Continuations[0].Student);
        Assert.All(report.Continuations, text => Assert.Matches(@"\S( …)?$", text.Teacher));
        Assert.True(report.Front.Length > 3);
        Assert.Equal(report.Front.OrderByDescending(point => point.Bytes), report.Front);
        Assert.All(report.Front, point => Assert.InRange(point.Perplexity, point.Low, point.High));
        Assert.All(report.Phases, phase => Assert.True(phase.PeakRssBytes > 0));
        Assert.True(report.Expected!.PeakRssBytes > report.PeakRssBytes / 4);
        Assert.Equal(1, report.Conditions!.Threads);
        Assert.NotNull(report.Quality);
        Assert.Contains(made.Manifest.Files, file => file.Name == ArtifactLayout.Page);
        Assert.Equal(
            ReportPage.Write(ReportJson.ToNode(report)),
            File.ReadAllText(Path.Combine(made.Folder, ArtifactLayout.Page)));
    }

    [Fact]
    public void Run_WithAPlanByHand_HasNoFront()
    {
        PipelineArtifacts made = tiny.Compress(
            new BranchRegistry(), "by-hand", [], "planner.mode=manual", "mode=quantization");
        Assert.Empty(made.Report.Front);
    }

    [Theory]
    [InlineData("calibration.txt/statistics.json")]
    [InlineData(".")]
    public void Run_WithStatisticsThatCannotBeWritten_IsRefusedAtOnce(string file)
    {
        var observer = new RecordingObserver();
        string path = Path.Combine(tiny.Folder, file);

        var refused = Assert.Throws<ConfigurationException>(
            () => tiny.Compress(new BranchRegistry(), "unwritable", [observer], path, CancellationToken.None));

        Assert.StartsWith(path, refused.Message, StringComparison.Ordinal);
        Assert.Empty(observer.Started);
    }

    private static void AssertMeasured(RecordingObserver observer, Phase phase, int steps)
    {
        Measurement[] measured = [.. observer.Measurements.Where(value => value.Phase == phase)];
        Measurement[] losses = [.. measured.Where(value => value.Series == MeasuredSeries.TrainingLoss)];
        Assert.Equal(Enumerable.Range(1, steps), losses.Select(value => (int)value.Step));
        Assert.All(losses, value => Assert.InRange(value.Value, 0, 100));
        Assert.Contains(measured, value => value is { Series: MeasuredSeries.LearningRate, Value: > 0 });
        Measurement last = Assert.Single(measured, value => value.Series == MeasuredSeries.HeldOutPerplexity);
        Assert.Equal(steps, last.Step);
    }

    [Theory]
    [InlineData("null", "blocks are solved independently")]
    [InlineData("true", "input drift was corrected at")]
    public void Run_SolvesInTheOrderThatItNotes(string enabled, string note)
    {
        var observer = new RecordingObserver();

        PipelineArtifacts made = tiny.Compress(
            new BranchRegistry(),
            $"order-{enabled}",
            [observer],
            tiny.Statistics,
            CancellationToken.None,
            $"sequential.enabled={enabled}",
            "targets.compression_ratio=2");

        Assert.Contains(observer.Events, noted => noted.Contains(note, StringComparison.Ordinal));
        Assert.All(made.Report.Notes, one => Assert.Matches("^[^A-Z].*[^.]$", one));
        Assert.All(new ArtifactVerifier(new BranchRegistry().CreateCatalog()).Verify(made.Folder), check => Assert.True(
            check.Ok, check.Detail));
    }

    // Behind a prefix and at once: both borrow the moments of the outputs.
    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public void Run_WithCorrelatedOutputs_StoresWhatWasPlannedUnderThem(string inOrder)
    {
        PipelineArtifacts Run(string metric) => tiny.Compress(
            new BranchRegistry(),
            $"{metric}-{inOrder}",
            [],
            $"data.output_metric={metric}",
            $"sequential.enabled={inOrder}",
            "data.fisher_tokens=256",
            "mode=quantization",
            "planner.probes=off",
            "targets.compression_ratio=4");

        PipelineArtifacts made = Run("kronecker");

        Assert.All(new ArtifactVerifier(new BranchRegistry().CreateCatalog()).Verify(made.Folder), check => Assert.True(
            check.Ok, check.Detail));
        Assert.InRange(
            made.Report.Sites.Sum(site => site.MeasuredError) / made.Report.Sites.Sum(site => site.PredictedError),
            0.5,
            1.5);
        Assert.NotEqual(
            Run("diagonal").Report.Sites.Select(site => site.MeasuredError), made.Report.Sites.Select(
                site => site.MeasuredError));
    }

    [Fact]
    public void Run_TextsOfOtherFolders_AreInTheReportByTheirNamesAlone()
    {
        string report = File.ReadAllText(Path.Combine(tiny.Artifact, ArtifactLayout.Report));

        Assert.Contains("\"file\": \"validation.txt\"", report, StringComparison.Ordinal);
        Assert.DoesNotContain("/validation.txt", report, StringComparison.Ordinal);
        Assert.DoesNotContain("/calibration.txt", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithTheOnlyBranchTakenBack_ScoresAsTheTeacher()
    {
        PipelineArtifacts made = tiny.Compress(
            new BranchRegistry(),
            "ablated",
            [],
            "targets.compression_ratio=2.5",
            "mode=quantization",
            "evaluation.ablation_branches=[quantization]");

        AblationResult taken = Assert.Single(made.Report.Evaluation.Ablations);
        PerplexityResult teacher = made.Report.Evaluation.Texts[0].Teacher;
        Assert.Equal(teacher.Perplexity, taken.Perplexity.Perplexity, 1e-9);
        Assert.NotEqual(teacher.Perplexity, made.Report.Evaluation.Texts[0].Student.Perplexity, 1e-6);
        Assert.Equal(made.Report.Bytes.Teacher, taken.Bytes);
        Assert.All(new ArtifactVerifier(new BranchRegistry().CreateCatalog()).Verify(made.Folder), check => Assert.True(
            check.Ok, check.Detail));
    }

    [Fact]
    public void Run_WithABranchTakenBackThatTakesNoPart_IsRefusedAtOnce()
    {
        var observer = new RecordingObserver();

        var refused = Assert.Throws<ConfigurationException>(() => tiny.Compress(
            new BranchRegistry(), "refused", [observer], "mode=quantization", "evaluation.ablation_branches=[lra]"));

        Assert.Contains("'lra'", refused.Message, StringComparison.Ordinal);
        Assert.Empty(observer.Started);
    }

    [Theory]
    [MemberData(nameof(AllBeforeSaving))]
    public void Run_StoppedInAPhase_LeavesItsWorkAlone(string phase)
    {
        using var source = new CancellationTokenSource();
        RecordingObserver observer = StopIn(phase, source);
        string name = $"stopped-{phase.Replace(' ', '-')}";
        bool isPlanned = Array.IndexOf(Phases, phase) >= Array.IndexOf(Phases, "budget plan");
        string? statistics = isPlanned ? tiny.Statistics : null;

        Assert.ThrowsAny<OperationCanceledException>(
            () => tiny.Compress(new BranchRegistry(), name, [observer], statistics, source.Token, Training));

        Assert.Equal(phase, observer.Started.Last());
        Assert.All(
            Directory.GetFileSystemEntries(tiny.Folder, name + "*"),
            path => Assert.Equal(name + ".work", Path.GetFileName(path)));
    }

    [Fact]
    public void Run_StoppedWhileSaving_KeepsItsResult()
    {
        using var source = new CancellationTokenSource();

        PipelineArtifacts made =
            tiny.Compress(new BranchRegistry(), "kept", [StopIn("save", source)], tiny.Statistics, source.Token);

        Assert.All(new ArtifactVerifier(new BranchRegistry().CreateCatalog()).Verify(made.Folder), check => Assert.True(
            check.Ok, check.Detail));
    }

    [Fact]
    public void Run_WithABranchThatFails_LeavesNothing()
    {
        BranchRegistration failing =
            BranchRegistration.For<FailingBranchOptions>("failing", (_, _) => new FailingBranch());

        var failure = Assert.Throws<NumericalException>(
            () =>
                tiny.Compress(
                    new BranchRegistry().With(failing), "failed", [], "mode=failing", "targets.compression_ratio=1.2"));

        Assert.Equal("it fell over", failure.Message);
        Assert.Empty(Directory.GetFileSystemEntries(tiny.Folder, "failed*"));
    }

    public static TheoryData<string> AllBeforeSaving() => [.. Phases[..^1]];

    private static RecordingObserver StopIn(string phase, CancellationTokenSource source) => new(started =>
    {
        if (started == phase)
        {
            source.Cancel();
        }
    });
}
