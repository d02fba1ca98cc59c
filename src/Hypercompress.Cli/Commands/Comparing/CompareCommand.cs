using System.CommandLine;
using System.Text.Json.Nodes;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;
using Hypercompress.Reporting.Pages;

namespace Hypercompress.Cli.Commands.Comparing;

/// <summary><c>compare</c>: artifacts and models side by side.</summary>
internal static class CompareCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        var options = new CompareOptions();
        var command = new Verb(
            "compare",
            "Shows bytes, perplexity, KL divergence and task scores of artifacts and models side by side",
            "compare small smaller",
            "compare small smaller --text held-out.txt --teacher MODEL --html comparison.html");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            string? page = parsed.GetValue(options.Html);
            OutputTarget.CheckFile("--html", page);
            ThreadsOption.Apply(parsed.GetValue(options.Threads));
            JsonObject document = new CompareRun(parsed, options, terminal, TimeProvider.System).Compare();
            HtmlOption.Write(terminal, page, () => ComparisonPage.Write(document));
            if (parsed.GetValue(options.Json))
            {
                terminal.WriteJson(document);
            }
            else if (page is null)
            {
                CompareText.Write(terminal.Results, document, terminal.TableColumns);
            }

            return (int)ExitCode.Done;
        });
        return command;
    }
}
