using System.CommandLine;
using Hypercompress.Branches.Registry;
using Hypercompress.Cli.Output;
using Hypercompress.Configuration;
using Hypercompress.Models.Errors;

namespace Hypercompress.Cli.Commands;

/// <summary><c>init</c>: a configuration file with every key and its default.</summary>
internal static class InitCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        Option<string> output = new("--out")
        {
            Description = "Where the file is written",
            HelpName = "FILE",
            DefaultValueFactory = _ => "hypercompress.yaml",
        };
        var command = new Command("init", "Writes a configuration with every key at its default") { output };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(output)!;
            if (File.Exists(path))
            {
                throw new ConfigurationException($"{path} exists; give another --out");
            }

            File.WriteAllText(path, PipelineConfigWriter.Write(new PipelineConfigReader(BranchRegistry.BuiltIn).Defaults));
            terminal.Messages.WriteLine($"wrote {path}; use it with: hypercompress compress MODEL --config {path}");
            return (int)ExitCode.Done;
        });
        return command;
    }
}
