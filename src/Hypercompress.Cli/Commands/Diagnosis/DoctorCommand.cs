using System.CommandLine;
using System.Text.Json.Nodes;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;

namespace Hypercompress.Cli.Commands.Diagnosis;

/// <summary><c>doctor</c>: what this machine can do, and what a run will use of it.</summary>
internal static class DoctorCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        Option<int?> threads = ThreadsOption.Create();
        Option<bool> json = JsonOption.Create();
        var command = new Verb(
            "doctor",
            "Shows what this machine can do, what a run will use, and what is missing",
            "doctor")
        {
            threads, json,
        };
        command.SetAction(parsed =>
        {
            int? asked = parsed.GetValue(threads);
            JsonObject report = new MachineReport(TimeProvider.System, asked).Make();
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(report);
            }
            else
            {
                DoctorText.Write(terminal.Results, report);
            }

            return (int)((bool)report["ok"]! ? ExitCode.Done : ExitCode.Resources);
        });
        return command;
    }
}
