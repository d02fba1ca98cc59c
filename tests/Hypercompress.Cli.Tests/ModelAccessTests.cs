using Hypercompress.Cli.Output;

namespace Hypercompress.Cli.Tests;

/// <summary>Models by their Hub id. The variables that they are found by are those of the process: nothing runs
/// beside.</summary>
[Collection<AloneCollection>]
public sealed class ModelAccessTests : IDisposable
{
    private static readonly string[] Variables =
        ["HF_ENDPOINT", "HF_HOME", "HF_HUB_CACHE", "HF_TOKEN", "HF_HUB_OFFLINE"];

    private readonly string?[] _before = [.. Variables.Select(Environment.GetEnvironmentVariable)];
    private readonly Workspace _workspace = new();
    private readonly FakeHub _hub = new("owner/tiny");

    public ModelAccessTests()
    {
        _hub.AddFolder(_workspace.Model);
        _hub.Large.Add("model.safetensors");
        Set("HF_ENDPOINT", _hub.Endpoint);
        Set("HF_HOME", _workspace.Of("hub-home"));
        Set("HF_HUB_CACHE", null);
        Set("HF_TOKEN", null);
        Set("HF_HUB_OFFLINE", null);
    }

    public void Dispose()
    {
        foreach (var (name, value) in Variables.Zip(_before))
        {
            Set(name, value);
        }

        _hub.Dispose();
        _workspace.Dispose();
    }

    [Fact]
    public void HubId_IsFetchedOnlyWhenAsked_AndThenUsedFromTheCache()
    {
        Workspace.Run("inspect", "owner/tiny").Expect(ExitCode.Input, "owner/tiny", "--download");
        Assert.Empty(_hub.Requests);

        CliResult fetched = Workspace.Run("inspect", "owner/tiny", "--download", "--json").Expect(ExitCode.Done);
        Assert.Contains("downloading model.safetensors", fetched.Messages, StringComparison.Ordinal);
        Assert.Equal("safetensors", (string?)fetched.Json["format"]);

        _hub.Requests.Clear();
        CliResult cached = Workspace.Run("inspect", "owner/tiny", "--offline", "--json").Expect(ExitCode.Done);
        Assert.Equal(fetched.Output, cached.Output);
        Assert.Equal(
            Workspace.Run(
                "generate", _workspace.Model, "--prompt", "the", "--max-tokens", "3", "--temperature", "0").Output,
            Workspace.Run(
                "generate", "owner/tiny", "--prompt", "the", "--max-tokens", "3", "--temperature", "0").Output);
        Assert.Empty(_hub.Requests);
    }

    [Fact]
    public void HubId_OfAnArtifact_IsFetchedAsAWholeAndVerified()
    {
        string artifact = _workspace.Artifact;
        _hub.Files.Clear();
        _hub.AddFolder(artifact);
        Workspace.Run("verify", "owner/tiny", "--download").Expect(ExitCode.Done);

        _hub.Requests.Clear();
        string[] generate = ["--prompt", "the", "--max-tokens", "3", "--temperature", "0"];
        Assert.Equal(
            Workspace.Run(["generate", artifact, .. generate]).Output,
            Workspace.Run(["generate", "owner/tiny", .. generate]).Expect(ExitCode.Done).Output);
        Assert.Empty(_hub.Requests);
    }

    [Fact]
    public void HubId_Offline_FetchesNothing()
    {
        Workspace.Run("inspect", "owner/tiny", "--offline", "--download").Expect(ExitCode.Usage, "--offline");
        Set("HF_HUB_OFFLINE", "1");
        Workspace.Run("inspect", "owner/tiny").Expect(ExitCode.Input, "HF_HUB_OFFLINE");
        Assert.Empty(_hub.Requests);
    }

    [Fact]
    public void HubId_FolderOfTheSameName_GoesFirst()
    {
        _hub.Refusal = (403, "GatedRepo");
        Workspace.Run("inspect", "owner/tiny", "--download").Expect(ExitCode.Input, "is gated", "HF_TOKEN");
        _hub.Requests.Clear();
        Workspace.Run("inspect", _workspace.Model, "--download").Expect(ExitCode.Done);
        Assert.Empty(_hub.Requests);
    }

    [Fact]
    public void Tokenize_TokenizerFolderAlone_NeedsNoModel()
    {
        string folder = Path.GetDirectoryName(_workspace.Write("alone.jsonl", "\"the dog\"\n"))!;
        string tokenizer = Directory.CreateDirectory(Path.Combine(folder, "tokenizer-only")).FullName;
        File.Copy(Path.Combine(_workspace.Model, "tokenizer.json"), Path.Combine(tokenizer, "tokenizer.json"));
        string input = Path.Combine(folder, "alone.jsonl");
        Assert.Equal(
            Workspace.Run("tokenize", _workspace.Model, "--input", input).Expect(ExitCode.Done).Output,
            Workspace.Run("tokenize", tokenizer, "--input", input).Expect(ExitCode.Done).Output);
    }

    [Theory]
    [InlineData("--base", "tokenize", "verify", "report")]
    [InlineData("--no-check", "tokenize", "verify", "report", "inspect", "import")]
    public void Option_IsOfferedWhereItIsRead(string option, params string[] without)
    {
        string[] models = [.. Verbs("--download")];

        Assert.Equal(models.Except(without), Verbs(option));
        Assert.Equal(models, Verbs("--offline"));
    }

    private static IEnumerable<string> Verbs(string option) => CommandLine
        .Tree(new Terminal(TextWriter.Null, TextWriter.Null, CancellationToken.None)).Subcommands
        .Where(verb => verb.Options.Any(offered => offered.Name == option)).Select(verb => verb.Name);

    private static void Set(string name, string? value) => Environment.SetEnvironmentVariable(name, value);
}
