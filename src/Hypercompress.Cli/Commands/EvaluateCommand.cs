using System.CommandLine;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;

namespace Hypercompress.Cli.Commands;

/// <summary><c>evaluate</c>: perplexity and benchmark scores of any model, alone or next to its teacher.</summary>
internal static class EvaluateCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        var options = new EvaluateOptions();
        var command = new Verb(
            "evaluate",
            "Measures the perplexity and benchmark scores of a model, alone or next to its teacher",
            "evaluate small --text held-out.txt --teacher MODEL",
            "evaluate small --tasks arc_easy,mmlu_stem --data-dir data --limit 100");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            ThreadsOption.Apply(parsed.GetValue(options.Threads));
            var document = new EvaluateRun(parsed, options, terminal, TimeProvider.System).Measure();
            if (parsed.GetValue(options.Json))
            {
                terminal.WriteJson(document);
            }
            else
            {
                ScoreText.Write(terminal.Results, document);
            }

            return (int)ExitCode.Done;
        });
        return command;
    }
}
