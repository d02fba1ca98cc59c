using System.Diagnostics;
using System.Globalization;

namespace Hypercompress.Cli.Tests.Processes;

/// <summary>The launcher of MPI programs of this machine.</summary>
internal sealed class Launcher
{
    private const string Name = "mpirun";
    private const string RankVariable = "OMPI_COMM_WORLD_RANK";

    private Launcher()
    {
    }

    /// <summary>Finds the launcher; skips the calling test where there is none.</summary>
    public static Launcher Require()
    {
        bool isThere = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, Name)));
        Assert.SkipUnless(isThere, "Open MPI is not installed");
        return new Launcher();
    }

    /// <summary>Runs the program in several processes.</summary>
    public Launched Run(int processes, string[] arguments, TimeSpan patience)
    {
        using Process launcher = Start(processes, arguments);
        return End(launcher, patience);
    }

    /// <summary>Starts the program in several processes.</summary>
    public Process Start(int processes, string[] arguments)
    {
        string count = processes.ToString(CultureInfo.InvariantCulture);
        string[] all =
            ["-np", count, "--oversubscribe", "dotnet", typeof(CommandLine).Assembly.Location, .. arguments];
        var start = new ProcessStartInfo(Name, all) { RedirectStandardOutput = true, RedirectStandardError = true };

        // Containers run everything as root, and their file systems are no place for shared memory.
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        return Process.Start(start)!;
    }

    /// <summary>Waits for the end.</summary>
    public static Launched End(Process launcher, TimeSpan patience)
    {
        Task<string> results = launcher.StandardOutput.ReadToEndAsync();
        Task<string> messages = launcher.StandardError.ReadToEndAsync();
        if (!launcher.WaitForExit(patience))
        {
            launcher.Kill(entireProcessTree: true);
        }

        launcher.WaitForExit();
        return new Launched(launcher.ExitCode, results.Result + messages.Result);
    }

    /// <summary>The process of a rank.</summary>
    public static Process FindRank(int launcher, int rank)
    {
        string wanted = string.Create(CultureInfo.InvariantCulture, $"{RankVariable}={rank}");
        return Process.GetProcesses().Single(
            process => ParentOf(process.Id) == launcher && VariablesOf(process.Id).Contains(wanted));
    }

    private static int ParentOf(int process) => int.Parse(
        Read(process, "status").Split('\n').FirstOrDefault(line => line.StartsWith("PPid:", StringComparison.Ordinal))
            ?[5..] ?? "0",
        CultureInfo.InvariantCulture);

    private static string[] VariablesOf(int process) => Read(process, "environ").Split('\0');

    private static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/{file}"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is somebody else's.
            return string.Empty;
        }
    }
}
