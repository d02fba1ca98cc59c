using System.Diagnostics;

namespace Hypercompress.Cli.Tests.Resuming;

/// <summary>
/// Disks that are full, inputs that change or vanish, limits of the system: a sentence, the right code, nothing half
/// published, and what was there is as it was.
/// </summary>
[Collection<AloneCollection>]
public sealed class FaultTests(Workspace workspace) : IClassFixture<Workspace>
{
    [Fact]
    public void Compress_OnADiskThatFillsUp_KeepsTheOldArtifactAndGoesOnWhenThereIsSpace()
    {
        using var disk = new SmallDisk(workspace.Of("filling"), 4096);
        string output = disk.Of("model");
        Run(output, [.. RunKinds.AtOnce, "--set", "branches.quantization.enabled=false"]).Expect(ExitCode.Done);
        string before = File.ReadAllText(Path.Combine(output, "hypercompress.json"));

        CliResult full = Run(output, [.. RunKinds.AtOnce, "--restart"], "branches …", disk.Fill);

        full.Expect(ExitCode.Resources, "space");
        Assert.Equal(before, File.ReadAllText(Path.Combine(output, "hypercompress.json")));
        Workspace.Run("verify", output).Expect(ExitCode.Done);
        disk.Empty();
        Run(output, [.. RunKinds.AtOnce, "--resume"]).Expect(ExitCode.Done, "going on with");
        Assert.NotEqual(before, File.ReadAllText(Path.Combine(output, "hypercompress.json")));
        Assert.Equal([output], Directory.GetFileSystemEntries(disk.Of(".")).Select(Path.GetFullPath));
    }

    [Fact]
    public void Compress_OnADiskThatIsTooSmall_IsRefusedBeforeTheWork()
    {
        using var disk = new SmallDisk(workspace.Of("small"), 64);

        CliResult run = Run(disk.Of("model"), RunKinds.AtOnce).Expect(ExitCode.Resources, "are free");

        Assert.DoesNotContain("load …", run.Messages, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(disk.Of(".")));
    }

    [Theory]
    [InlineData("pt", "model.pt")]
    [InlineData("hf", "model")]
    public void Export_OnADiskThatIsTooSmall_IsRefusedBeforeAnythingIsWritten(string format, string name)
    {
        using var disk = new SmallDisk(workspace.Of($"small-{format}"), 16);
        string[] export = ["export", workspace.Model, "--format", format, "--out", disk.Of(name)];

        CliResult run = Workspace.Run(export).Expect(ExitCode.Resources, $"--out {disk.Of(name)}", "are free");

        Assert.DoesNotContain(".partial", run.Messages, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(disk.Of(".")));
    }

    [Theory]
    [InlineData("pt", "model.pt")]
    [InlineData("hf", "model")]
    public void Export_OnADiskThatFillsUp_NamesItsTarget(string format, string name)
    {
        string[] export = ["export", workspace.Model, "--format", format, "--no-verify", "--json", "--out"];
        long weights = (long)Workspace.Run([.. export, workspace.Of($"roomy-{name}")]).Json["bytes"]!;
        using var disk = new SmallDisk(workspace.Of($"full-{format}"), (int)(weights / 4096 * 4) + 4);

        CliResult run = Workspace.Run([.. export, disk.Of(name)])
            .Expect(ExitCode.Resources, $"--out {disk.Of(name)}: the export cannot be written: the disk is full");

        Assert.DoesNotContain(".partial", run.Messages, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(disk.Of(".")));
    }

    [Fact]
    public void Compress_IntoAReadOnlyFolder_IsRefusedBeforeTheWork()
    {
        using var disk = new SmallDisk(workspace.Of("protected"), 4096);
        disk.Protect();

        CliResult run = Run(disk.Of("model"), RunKinds.AtOnce).Expect(ExitCode.Resources, "cannot be written to");

        Assert.DoesNotContain("load …", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_SavedOnAFullDisk_LeavesTheOldPlan()
    {
        using var disk = new SmallDisk(workspace.Of("full"), 256);
        File.WriteAllText(disk.Of("plan.json"), "the old plan");
        string[] arguments =
            [.. workspace.Arguments("plan", workspace.Model), "--ratio", "4", "--save", disk.Of("plan.json")];
        using var messages = new ActingWriter("budget plan …", disk.Fill);

        CliResult run = Workspace.Run(arguments, messages, CancellationToken.None)
            .Expect(ExitCode.Resources, $"{disk.Of("plan.json")}: cannot be written: the disk is full");

        Assert.DoesNotContain(".partial", run.Messages, StringComparison.Ordinal);
        Assert.Equal("the old plan", File.ReadAllText(disk.Of("plan.json")));
        disk.Empty();
        Assert.Equal([disk.Of("plan.json")], Directory.GetFileSystemEntries(disk.Of(".")).Select(Path.GetFullPath));
    }

    [Fact]
    public void Compress_WithoutAFolderForTemporaryFiles_IsRefusedBeforeTheWork()
    {
        string? usual = Environment.GetEnvironmentVariable("TMPDIR");
        Environment.SetEnvironmentVariable("TMPDIR", workspace.Of("nowhere"));
        try
        {
            CliResult run = Run(workspace.Of("no-scratch"), RunKinds.AtOnce).Expect(ExitCode.Resources, "TMPDIR");

            Assert.DoesNotContain("load …", run.Messages, StringComparison.Ordinal);
            Assert.False(Directory.Exists(workspace.Of("no-scratch.work")));
        }
        finally
        {
            Environment.SetEnvironmentVariable("TMPDIR", usual);
        }
    }

    [Fact]
    public void Compress_WithATextThatVanishes_PublishesNothingAndGoesOnWhenItIsBack()
    {
        string text = workspace.Write("vanishing.txt", File.ReadAllText(workspace.Validation));
        string output = workspace.Of("vanished");
        string[] more = [.. RunKinds.AtOnce, "--set", $"data.validation=[{text}]"];

        Run(output, more, "offers …", () => File.Delete(text)).Expect(ExitCode.Input, "vanishing.txt");

        Assert.False(Directory.Exists(output));
        workspace.Write("vanishing.txt", File.ReadAllText(workspace.Validation));
        Run(output, more).Expect(ExitCode.Done, "going on with");
    }

    [Fact]
    public void Compress_WithWeightsThatChange_PublishesNothing()
    {
        string model = workspace.Copy(workspace.Model, "changing");
        string output = workspace.Of("from-changing");
        string[] arguments =
            [.. workspace.Arguments("compress", model), "--out", output, .. RunKinds.AtOnce];
        using var messages = new ActingWriter("offers …", () => Change(model));

        Workspace.Run(arguments, messages, CancellationToken.None)
            .Expect(ExitCode.Input, "changing: the model's files changed while the run read them");

        Assert.False(Directory.Exists(output));
        Workspace.Run(arguments).Expect(ExitCode.Usage, "the model has changed");
    }

    [Theory]
    [InlineData("read texts …", "statistics.txt: the text changed")]
    [InlineData("offers …", "the model's files changed")]
    public void Plan_WithInputsThatChange_KeepsNoStatistics(string line, string problem)
    {
        string model = workspace.Copy(workspace.Model, $"statistics-{line.Length}");
        string text = workspace.Write("statistics.txt", File.ReadAllText(workspace.Validation));
        string statistics = workspace.Of("changed.json");
        void ChangeInput()
        {
            if (line == "offers …")
            {
                Change(model);
            }
            else
            {
                File.AppendAllText(text, " more");
            }
        }

        using var messages = new ActingWriter(line, ChangeInput);
        string[] arguments =
        [
            .. workspace.Arguments("plan", model), "--ratio", "4", "--statistics", statistics,
            "--set", $"data.validation=[{text}]",
        ];

        Workspace.Run(arguments, messages, CancellationToken.None).Expect(ExitCode.Input, problem);

        Assert.False(File.Exists(statistics));
    }

    [Fact]
    public async Task Compress_WhereAnotherProcessWorks_IsRefusedAndTakesOverWhenThatIsKilled()
    {
        string output = workspace.Of("shared");
        using Process first = Start(output);
        while (await first.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line
            && line != "offers …")
        {
        }

        CliResult second = Run(output, [.. RunKinds.AtOnce, "--restart"]);
        second.Expect(ExitCode.Resources, $"{output}.work is in use by process {first.Id} on ");
        first.Kill();
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);

        Run(output, RunKinds.AtOnce).Expect(ExitCode.Done, "going on with");
    }

    [Fact]
    public async Task Compress_WithFewFileHandles_LeavesNothingHalfPublished()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "limits are those of Unix");
        foreach (int handles in new[] { 24, 48, 72, 96 })
        {
            string output = workspace.Of($"handles-{handles}");
            string command = $"ulimit -n {handles}; exec dotnet \"$@\"";
            using Process process = Process.Start(new ProcessStartInfo(
                "sh", ["-c", command, "sh", .. ProcessArguments(output)])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
            Task<string> messages = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.True(process.ExitCode == 0 == Directory.Exists(output), await messages);
            Assert.DoesNotContain("   at Hypercompress", await messages, StringComparison.Ordinal);
        }
    }

    private static void Change(string model)
    {
        using FileStream stream = File.Open(
            Path.Combine(model, "model.safetensors"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.Position = stream.Length - 1;
        int last = stream.ReadByte();
        stream.Position = stream.Length - 1;
        stream.WriteByte((byte)(last ^ 1));
    }

    private string[] ProcessArguments(string output) =>
    [
        typeof(CommandLine).Assembly.Location, .. workspace.Arguments("compress", workspace.Model), "--out", output,
        .. RunKinds.AtOnce,
    ];

    private Process Start(string output) => Process.Start(new ProcessStartInfo("dotnet", ProcessArguments(output))
    {
        RedirectStandardError = true,
        RedirectStandardOutput = true,
    })!;

    private CliResult Run(string output, string[] more) =>
        Workspace.Run([.. workspace.Arguments("compress", workspace.Model), "--out", output, .. more]);

    private CliResult Run(string output, string[] more, string line, Action act)
    {
        using var messages = new ActingWriter(line, act);
        return Workspace.Run(
            [.. workspace.Arguments("compress", workspace.Model), "--out", output, .. more],
            messages,
            CancellationToken.None);
    }
}
