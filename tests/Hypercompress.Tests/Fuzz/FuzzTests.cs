using Hypercompress.Fuzz;

namespace Hypercompress.Tests.Fuzz;

/// <summary>A short run of the fuzz bench, the same each time, and the inputs that once broke a reader.</summary>
public sealed class FuzzTests : IDisposable
{
    private const int Inputs = 200;
    private const int Seed = 2026;

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(1);

    private readonly ScratchFolder _failures = new();

    public static TheoryData<string> Readers => [.. FuzzReaders.All.Select(reader => reader.Name)];

    public void Dispose() => _failures.Dispose();

    [Theory]
    [MemberData(nameof(Readers))]
    public void MutatedFiles_AreReadOrRefusedInLittleTimeAndMemory(string name)
    {
        List<string> notes = [];
        using var run = new FuzzRun(Find(name), _failures.Path, notes.Add, isAlone: false);
        FuzzOutcome outcome = run.Run(Inputs, Seed, Time);
        Assert.True(outcome.Failures == 0, string.Join('\n', notes));
        Assert.Empty(notes);
    }

    [Theory]
    [InlineData("artifact-config", "artifact-config-crash-62133-2992.json")]
    [InlineData("chat-template", "chat-template-crash-54469-15884.jinja")]
    [InlineData("manifest", "manifest-crash-18753-10842.json")]
    [InlineData("parquet", "parquet-alloc-2712.parquet")]
    [InlineData("parquet", "parquet-hang-3894.parquet")]
    [InlineData("statistics", "statistics-crash-17770-15113.json")]
    [InlineData("task", "task-yaml-crash-18817-1.yaml")]
    [InlineData("configuration", "yaml-crash-31935-15103.yaml")]
    public void FilesThatBrokeAReader_AreReadOrRefused(string name, string sample)
    {
        List<string> notes = [];
        using var run = new FuzzRun(Find(name), _failures.Path, notes.Add, isAlone: false);
        FuzzOutcome outcome = run.Replay(SharedFiles.Require($"cases/{sample}"));
        Assert.True(outcome.Failures == 0, string.Join('\n', notes));
    }

    private static FuzzReader Find(string name) => FuzzReaders.All.Single(reader => reader.Name == name);
}
