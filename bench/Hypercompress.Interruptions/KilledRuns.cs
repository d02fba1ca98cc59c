using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Hypercompress.Interruptions;

/// <summary>
/// Kills runs of <c>compress</c> at random moments, as a full machine or a power failure would, starts them again, and
/// compares what comes out with the result of a run that was left alone.
/// </summary>
/// <param name="program">The program and arguments that come before the command.</param>
/// <param name="folder">
/// Where results are written; the run that was left alone is taken from there where it is already.
/// </param>
/// <param name="options">Options of <c>compress</c> but <c>--out</c>.</param>
/// <param name="tell">Receives a line for every kill and every run.</param>
internal sealed class KilledRuns(string[] program, string folder, string[] options, Action<string> tell)
{
    private const string Continued = "going on with";
    private int _kills;
    private int _resumed;

    /// <summary>Runs until a number of processes was killed and the last run came to its end.</summary>
    /// <param name="kills">How many processes are killed.</param>
    /// <param name="seed">Of the moments.</param>
    /// <returns>What was seen.</returns>
    public KilledRunsResult Run(int kills, int seed)
    {
        Directory.CreateDirectory(folder);
        string whole = Path.Combine(folder, "whole");
        if (!Directory.Exists(whole) && Start(whole, null) is not 0)
        {
            throw new InvalidOperationException("the run that was left alone failed");
        }

        var time = TimeSpan.FromSeconds(
            (double)JsonNode.Parse(File.ReadAllText(Path.Combine(whole, "report.json")))!["seconds"]!);
        tell(string.Create(CultureInfo.InvariantCulture, $"a run takes {time.TotalSeconds:0.0} s"));
        var random = new Random(seed);
        (int runs, int differing) = (0, 0);
        while (_kills < kills)
        {
            string killed =
                Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"killed-{seed}-{runs++}"));
            bool isSame = RunToTheEnd(killed, kills, time, random) && ResultOf(killed) == ResultOf(whole)
                && !Directory.Exists(killed + ".work");
            tell($"{killed}: {(isSame ? "the same" : "differs")}");
            differing += isSame ? 0 : 1;
        }

        return new KilledRunsResult(_kills, _resumed, runs, differing);
    }

    private bool RunToTheEnd(string output, int kills, TimeSpan time, Random random)
    {
        while (true)
        {
            TimeSpan? end = _kills < kills ? time * random.NextDouble() : null;
            if (Start(output, end) is { } code)
            {
                return code == 0;
            }

            _kills++;
            if (Directory.Exists(output) && !Directory.Exists(output + ".work"))
            {
                // It was killed after its last step, and would be refused.
                return true;
            }
        }
    }

    // The exit code; null where the process was killed.
    private int? Start(string output, TimeSpan? end)
    {
        string[] arguments = [.. program.Skip(1), "compress", "--out", output, .. options];
        using Process process = Process.Start(new ProcessStartInfo(program[0], arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        string last = string.Empty;
        void Read(object sender, DataReceivedEventArgs line)
        {
            last = line.Data ?? last;
            _resumed += last.StartsWith(Continued, StringComparison.Ordinal) && line.Data is not null ? 1 : 0;
        }

        process.OutputDataReceived += Read;
        process.ErrorDataReceived += Read;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        bool hasEnded = process.WaitForExit(end ?? Timeout.InfiniteTimeSpan);
        if (!hasEnded)
        {
            process.Kill();
        }

        process.WaitForExit();
        tell($"{(hasEnded ? $"ended with {process.ExitCode}" : "killed")}: {last.Trim()}");
        return hasEnded ? process.ExitCode : null;
    }

    private static string ResultOf(string artifact) =>
        (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(artifact, "hypercompress.json")))!["result_hash"]
        ?? throw new InvalidDataException($"{artifact} has no result hash");
}
