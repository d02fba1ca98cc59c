using System.Text.Json.Nodes;
using Hypercompress.Cli.Commands.Diagnosis;

namespace Hypercompress.Cli.Tests.Commands.Diagnosis;

public sealed class DoctorCommandTests
{
    [Fact]
    public void Doctor_Json_TellsWhatTheMachineHas()
    {
        JsonObject report = Workspace.Run("doctor", "--threads", "1", "--json").Json;

        Assert.Equal(Environment.ProcessorCount, (int)report["processor"]!["cores"]!);
        Assert.True((long)report["memory"]!["total_bytes"]! > 1_000_000);
        Assert.InRange((double)report["memory"]!["read_bytes_per_second"]!, 1e6, 1e13);
        Assert.True((bool)report["libtorch"]!["loaded"]!);
        Assert.InRange((double)report["libtorch"]!["matrix_flops_per_second"]!, 1e6, 1e16);
        Assert.Equal(1, (int)report["run"]!["threads"]!);
        Assert.Equal(report["problems"]!.AsArray().Count == 0, (bool)report["ok"]!);
        JsonNode temporary = report["folders"]![0]!;
        Assert.Equal(Path.GetTempPath(), (string?)temporary["path"]);
        Assert.True((bool)temporary["writable"]!);
    }

    [Fact]
    public void Doctor_ForPeople_HasALineForEverything()
    {
        string[] lines = Workspace.Run("doctor", "--threads", "1").Output.Split(Environment.NewLine);

        Assert.Equal(
            ["system", "processor", "memory", "libtorch", "folder", "folder", "folder", "a run uses"],
            lines[..8].Select(line => line[..12].Trim()));
    }

    [Fact]
    public void Doctor_ThreadsOutOfRange_AreRefused() =>
        Workspace.Run("doctor", "--threads", "0").Expect(ExitCode.Usage, "must be from 1 to 1024");

    [Fact]
    public void FolderCheck_FolderThatTakesNoFiles_IsNotWritable()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is a folder in which nobody makes a file");

        Assert.False(FolderCheck.Of("results", "/proc/below").IsWritable);
    }

    [Fact]
    public void FolderCheck_FolderThatCannotBeMade_IsNotWritable()
    {
        using var scratch = new ScratchFolder();
        string file = scratch.Write("file", "");

        Assert.False(FolderCheck.Of("results", Path.Combine(file, "below")).IsWritable);
        Assert.True(FolderCheck.Of("results", scratch.Of("new/folder")).IsWritable);
        Assert.Equal([file], Directory.GetFileSystemEntries(scratch.Path));
    }

    [Theory]
    [InlineData("MemTotal: 9 kB\nMemAvailable:    1024 kB\n", 1_048_576L)]
    [InlineData("MemTotal: 9 kB\n", null)]
    public void FreeMemory_IsReadFromTheSystem(string statistics, long? bytes) =>
        Assert.Equal(bytes, FreeMemory.Parse(statistics));
}
