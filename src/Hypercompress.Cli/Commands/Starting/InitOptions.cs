using System.CommandLine;

namespace Hypercompress.Cli.Commands.Starting;

/// <summary>The options of <c>init</c>: one for each question that it asks in a terminal.</summary>
internal sealed class InitOptions
{
    /// <summary>Where the file goes.</summary>
    public Option<string> Output { get; } = new("--out")
    {
        Description = "Path of the new file",
        HelpName = "FILE",
        DefaultValueFactory = _ => "hypercompress.yaml",
    };

    /// <summary>Leaves out all questions.</summary>
    public Option<bool> Defaults { get; } = new("--defaults")
    {
        Description = "Ask nothing and write every key at its default",
    };

    /// <summary>Adds all options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Options.Add(Output);
        command.Options.Add(Defaults);
        foreach (InitQuestion question in InitQuestion.All)
        {
            command.Options.Add(question.Option);
        }
    }
}
