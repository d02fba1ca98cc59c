using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Students;
using Hypercompress.Tests.Students;

namespace Hypercompress.Tests.Pipeline;

/// <summary>Runs that compress another model in place of the teacher.</summary>
public sealed class StudentRunTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    private const string Weights = "model.safetensors";

    private static readonly string[] Derived =
    [
        "student.model=depth=0.5", "student.token_budget=256", "student.sequence_length=64", "student.batch_size=2",
        "student.validation_tokens=128", "targets.compression_ratio=4",
    ];

    [Fact]
    public void Run_DerivedStudent_IsTrainedAndCountsAgainstTheTeacher()
    {
        using ModelPackage teacher = ModelPackage.Open(tiny.Model);
        PipelineArtifacts made = tiny.Compress(new BranchRegistry(), "derived", [], Derived);

        Assert.Equal(teacher.PublishedBytes, made.Report.Bytes.Teacher);
        Assert.InRange(made.Report.CompressionRatio, 4, 4.2);
        Assert.Equal("depth=0.5,width=1 of the teacher", made.Report.Student);
        Assert.Equal("student", made.Report.Training[0].Name);
        Assert.True(made.Report.Training[0].Steps > 0);
        Assert.Contains(made.Report.Notes, note => note.Contains("the teacher's bytes", StringComparison.Ordinal));
        using OpenModel opened = OpenModel.Open(made.Folder, new BranchRegistry().CreateCatalog());
        Assert.Equal(1, opened.Model.Decoder.Config.Layers);
    }

    [Fact]
    public void Run_StoppedAfterTheStudent_ComesToTheSameBytes() =>
        AssertResumes("after", source => new RecordingObserver(StopIn("baseline analysis", source)), Derived);

    [Fact]
    public void Run_StoppedWhileChangesOfLowRankTrain_ComesToTheSameBytes() => AssertResumes(
        "adapters",
        source => new RecordingObserver(onMeasured: (phase, _) => StopIn("student", source)(phase)),
        [
            .. Derived, "student.token_budget=1024", "student.adapter_rank=2", "student.adapter_ranks=hierarchical",
            "student.adapter_restarts=1",
        ]);

    private static Action<string> StopIn(string phase, CancellationTokenSource source) => current =>
    {
        if (current == phase)
        {
            source.Cancel();
        }
    };

    private void AssertResumes(
        string name, Func<CancellationTokenSource, RecordingObserver> stopping, string[] settings)
    {
        string whole = tiny.Compress(new BranchRegistry(), $"unstopped {name}", [], settings).Folder;
        using var source = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => tiny.Compress(
            new BranchRegistry(), $"stopped {name}", [stopping(source)], null, source.Token, settings));
        string resumed = tiny.Compress(new BranchRegistry(), $"stopped {name}", [], settings).Folder;

        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, Weights)), File.ReadAllBytes(Path.Combine(resumed, Weights)));
    }

    [Fact]
    public async Task Compress_AnotherModel_FitsItsRowsToTheTeachers()
    {
        string other = PaddedModel.Write(Path.Combine(tiny.Folder, "padded"), TinyTokenizer.VocabularySize + 4);
        var options = new CompressorOptions
        {
            Config = new()
            {
                Student = new StudentOptions { Model = other, Enabled = false },
                Distillation = new() { Enabled = false },
                Finetune = new() { Enabled = false },
                Evaluation = new() { MaxTokens = 128, Window = 64 },
                Data = new()
                {
                    Calibration = [tiny.CalibrationText],
                    Validation = [tiny.ValidationText],
                    CalibrationTokens = 1024,
                    FisherTokens = 128,
                    SequenceLength = 64,
                },
            },
        };

        PipelineArtifacts made = await Compressor.CompressAsync(
            tiny.Model, 4, Path.Combine(tiny.Folder, "other"), options, TestContext.Current.CancellationToken);

        Assert.Equal("padded", made.Report.Student);
        JsonNode config = JsonNode.Parse(
            await File.ReadAllTextAsync(
                Path.Combine(made.Folder, "config.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal(TinyTokenizer.VocabularySize, (int)config["vocab_size"]!);
    }

    [Fact]
    public void Run_StudentWithKeptStatistics_IsRefused()
    {
        var refused = Assert.Throws<ConfigurationException>(() => tiny.Compress(
            new BranchRegistry(), "kept", [], "statistics.json", CancellationToken.None, Derived));
        Assert.Contains("--statistics", refused.Message, StringComparison.Ordinal);
    }
}
