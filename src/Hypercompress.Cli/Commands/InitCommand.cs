using System.CommandLine;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;
using Hypercompress.Models.Errors;

namespace Hypercompress.Cli.Commands;

/// <summary><c>init</c>: a configuration file with every key, its default and a comment.</summary>
internal static class InitCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        Option<string> output = new("--out")
        {
            Description = "Path of the new file",
            HelpName = "FILE",
            DefaultValueFactory = _ => "hypercompress.yaml",
        };
        var command = new Verb(
            "init",
            "Writes a configuration file with every key, its default and what it does",
            "init --out my.yaml")
        {
            output,
        };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(output)!;
            if (File.Exists(path))
            {
                throw new ConfigurationException($"{path} already exists; give another --out");
            }

            OutputTarget.CheckFile(output.Name, path);
            File.WriteAllText(path, Defaults());
            terminal.Messages.WriteLine($"wrote {path}; use it with: {ProgramName.Command} compress MODEL --config "
                + ResultText.Quoted(path));
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static string Defaults()
    {
        using Stream file = typeof(InitCommand).Assembly.GetManifestResourceStream("default.yaml")!;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
