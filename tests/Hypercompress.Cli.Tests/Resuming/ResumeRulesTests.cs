using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Tests.Resuming;

/// <summary>When a run goes on, when it begins, and when it is refused.</summary>
public sealed class ResumeRulesTests(Workspace workspace) : IClassFixture<Workspace>
{
    [Fact]
    public void Resume_WithNothingThere_IsRefused()
    {
        string output = workspace.Of("nothing");

        workspace.Compress(output, [.. RunKinds.AtOnce, "--resume"])
            .Expect(ExitCode.Usage, $"there is no {output}.work");
        workspace.Compress(output, [.. RunKinds.AtOnce, "--resume", "--restart"])
            .Expect(ExitCode.Usage, "give one of them");

        Assert.False(Directory.Exists(output) || Directory.Exists($"{output}.work"));
    }

    [Fact]
    public void Compress_AfterAChange_IsRefusedAndNamesIt()
    {
        string output = workspace.Of("changed");
        string model = workspace.Copy(workspace.Model, "changed-model");
        Stop(model, output, "offers …");

        Refuse(model, output, "distillation.token_budget is 77 and was", "--set", "distillation.token_budget=77");
        Refuse(model, output, "the number of threads has changed", "--threads", "2");
        Refuse(model, output, "the calibration text has changed", "--calibration", workspace.Validation);
        Refuse(model, output, "a plan is given, and there was none", "--plan", PlanOf(model));
        ChangeALastByte(Path.Combine(model, "model.safetensors"));
        Refuse(model, output, "the model has changed");

        Compress(model, output, "--restart").Expect(ExitCode.Done);
        Workspace.Run("verify", output).Expect(ExitCode.Done);
        Assert.False(Directory.Exists($"{output}.work"));
    }

    [Fact]
    public void Compress_WithOtherMessagesAndCeilings_GoesOn()
    {
        string output = workspace.Of("loud");
        Stop(workspace.Model, output, "offers …");

        Compress(workspace.Model, output, "--set", "logging.level=debug", "--max-ram", "60GB")
            .Expect(ExitCode.Done, "going on with");
    }

    [Fact]
    public void Resume_OfAFinishedRun_KeepsItOnlyWhileNothingChanged()
    {
        string output = workspace.Of("finished");
        string model = workspace.Copy(workspace.Model, "finished-model");
        string text = workspace.Write("finished.txt", File.ReadAllText(workspace.Calibration));
        string[] more = ["--calibration", text, "--resume"];
        Compress(model, output, "--calibration", text).Expect(ExitCode.Done);
        string manifest = File.ReadAllText(Path.Combine(output, "hypercompress.json"));

        Compress(model, output, more).Expect(ExitCode.Done);
        Compress(model, output, [.. more, "--set", "planner.probes=off"])
            .Expect(ExitCode.Usage, "planner.probes is off and was sites", "--restart");
        File.AppendAllText(text, "once more");
        Compress(model, output, more).Expect(ExitCode.Usage, "the calibration text has changed");
        workspace.Write("finished.txt", File.ReadAllText(workspace.Calibration));
        ChangeALastByte(Path.Combine(model, "model.safetensors"));
        Compress(model, output, more).Expect(ExitCode.Usage, "the model has changed");

        Assert.Equal(manifest, File.ReadAllText(Path.Combine(output, "hypercompress.json")));
    }

    [Fact]
    public void Resume_OfADamagedArtifact_IsRefused()
    {
        string output = workspace.Of("damaged");
        Compress(workspace.Model, output).Expect(ExitCode.Done);
        ChangeALastByte(Path.Combine(output, "model.safetensors"));

        Compress(workspace.Model, output, "--resume")
            .Expect(ExitCode.Input, "model.safetensors", "is not what was written", "--restart");
    }

    [Fact]
    public void Compress_WithDamagedWork_IsRefusedAndNamesTheFile()
    {
        string output = workspace.Of("torn");
        Stop(workspace.Model, output, "offers …");
        string entries = Path.Combine($"{output}.work", "entries");
        string[] tensors = Directory.GetFiles(entries, "baseline-analysis.*.safetensors");
        ChangeALastByte(Assert.Single(tensors));

        Compress(workspace.Model, output).Expect(ExitCode.Input, "baseline-analysis.json", "was damaged", "--restart");
        Compress(workspace.Model, output, "--restart").Expect(ExitCode.Done);
    }

    [Fact]
    public void Compress_KilledAfterItsResultAppeared_SaysThatItIsComplete()
    {
        string output = workspace.Of("late");
        Stop(workspace.Model, output, "evaluation …");
        string kept = workspace.Of("kept.work");
        Directory.Move($"{output}.work", kept);
        Compress(workspace.Model, output).Expect(ExitCode.Done);
        Directory.Move(kept, $"{output}.work");

        CliResult again = Compress(workspace.Model, output).Expect(ExitCode.Done);

        Assert.Contains("is already complete", again.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"{output}.work"));
    }

    [Fact]
    public void Restart_ThatIsStopped_LeavesTheOldArtifactAndReplacesItWhenResumed()
    {
        string output = workspace.Of("replaced");
        Compress(workspace.Model, output, "--set", "branches.quantization.enabled=false").Expect(ExitCode.Done);
        string before = RunKinds.Manifest(output)["result_hash"]!.ToJsonString();

        Stop(workspace.Model, output, "evaluation …", "--restart");
        Assert.Equal(before, RunKinds.Manifest(output)["result_hash"]!.ToJsonString());
        Workspace.Run("verify", output).Expect(ExitCode.Done);

        Compress(workspace.Model, output, "--resume").Expect(ExitCode.Done);
        Assert.NotEqual(before, RunKinds.Manifest(output)["result_hash"]!.ToJsonString());
        Workspace.Run("verify", output).Expect(ExitCode.Done);
    }

    [Fact]
    public void Compress_WithARunKilledBetweenTheTwoStepsOfReplacing_PutsTheOldArtifactBack()
    {
        string output = workspace.Of("between");
        Compress(workspace.Model, output, "--set", "branches.quantization.enabled=false").Expect(ExitCode.Done);
        string before = File.ReadAllText(Path.Combine(output, "hypercompress.json"));
        Stop(workspace.Model, output, "offers …", "--restart");
        Directory.Move(output, Path.Combine($"{output}.work", "artifact.old"));

        Stop(workspace.Model, output, "offers …", "--restart");

        Assert.Equal(before, File.ReadAllText(Path.Combine(output, "hypercompress.json")));
    }

    [Fact]
    public void Compress_BesideAFolderOfTheSameName_DoesNotTouchIt()
    {
        string output = workspace.Of("foreign");
        Directory.CreateDirectory($"{output}.work");
        File.WriteAllText(Path.Combine($"{output}.work", "thesis.txt"), "years of work");

        Compress(workspace.Model, output, "--restart").Expect(ExitCode.Usage, $"{output}.work is needed");

        Assert.Equal("years of work", File.ReadAllText(Path.Combine($"{output}.work", "thesis.txt")));
    }

    private static void ChangeALastByte(string file)
    {
        using FileStream stream = File.Open(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = stream.Length - 1;
        int last = stream.ReadByte();
        stream.Position = stream.Length - 1;
        stream.WriteByte((byte)(last ^ 1));
    }

    private string PlanOf(string model)
    {
        string plan = workspace.Of("changed-plan.json");
        Workspace.Run([.. workspace.Arguments("plan", model), "--ratio", "4", "--save", plan]).Expect(ExitCode.Done);
        return plan;
    }

    private void Refuse(string model, string output, string reason, params string[] more) =>
        Compress(model, output, more).Expect(ExitCode.Usage, reason, "--restart");

    private void Stop(string model, string output, string line, params string[] more)
    {
        using var source = new CancellationTokenSource();
        using var messages = new CancellingWriter(source, line);
        Workspace.Run(Arguments(model, output, more), messages, source.Token).Expect(ExitCode.Stopped);
    }

    private CliResult Compress(string model, string output, params string[] more) =>
        Workspace.Run(Arguments(model, output, more));

    // What is given later wins over what is given earlier.
    private string[] Arguments(string model, string output, string[] more)
    {
        string[] usual = [.. workspace.Arguments("compress", model), "--out", output];
        string[] size = more.Contains("--plan") ? ["--no-train"] : RunKinds.AtOnce;
        foreach (string option in new[] { "--threads", "--calibration" }.Where(more.Contains))
        {
            int place = Array.IndexOf(usual, option);
            usual = [.. usual[..place], .. usual[(place + 2)..]];
        }

        return [.. usual, .. size, .. more];
    }
}
