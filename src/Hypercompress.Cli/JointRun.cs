using System.Globalization;
using Hypercompress.Cli.Output;
using Hypercompress.Processes;
using Hypercompress.Processes.Mpi;

namespace Hypercompress.Cli;

/// <summary>
/// Runs a command in one process, or in all that <c>mpirun</c> started: process 0 speaks, and a fault in any of them
/// ends all.
/// </summary>
internal static class JointRun
{
    // What every process finds wrong, process 0 has said by then, and ended the others.
    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(3);

    /// <summary>Runs.</summary>
    /// <param name="terminal">Where process 0 writes.</param>
    /// <param name="run">The command: gets where this process writes, and the processes.</param>
    /// <returns>The exit code.</returns>
    public static int Do(Terminal terminal, Func<Terminal, IProcessGroup, int> run)
    {
        IProcessGroup processes = MpiLaunch.Join();
        if (processes.Size == 1)
        {
            return run(terminal, processes);
        }

        // A signal reaches all processes; the first decides when they stop.
        Terminal own = processes.Rank == 0
            ? terminal
            : new Terminal(TextWriter.Null, TextWriter.Null, CancellationToken.None);
        try
        {
            int code = run(own, processes);
            processes.Dispose();
            return code;
        }
        catch (Exception fault)
        {
            return End(terminal, processes, Failure.Explain(fault, terminal.StopNotice?.Invoke()));
        }
    }

    /// <summary>
    /// Where faults in the command line are written, which every process finds by itself: process 0 says them, and the
    /// others wait, since a launcher ends all when one of them ends with a fault.
    /// </summary>
    /// <param name="messages">Standard error.</param>
    /// <returns>Standard error, or nothing.</returns>
    public static TextWriter WriterOfFaults(TextWriter messages)
    {
        if (MpiLaunch.IsFirst)
        {
            return messages;
        }

        Thread.Sleep(Courtesy);
        return TextWriter.Null;
    }

    private static int End(Terminal terminal, IProcessGroup processes, Failure failure)
    {
        string who = string.Empty;
        if (processes.Rank > 0)
        {
            Thread.Sleep(Courtesy);
            who = string.Create(
                CultureInfo.InvariantCulture,
                $"process {processes.Rank} of {processes.Size} on {Environment.MachineName}: ");
        }

        terminal.Messages.WriteLine($"error: {who}{failure.Message}");
        terminal.Messages.Flush();
        processes.Abort(failure.ExitCode);
        return failure.ExitCode;
    }
}
