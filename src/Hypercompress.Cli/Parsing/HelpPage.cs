using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Hypercompress.Cli.Parsing;

/// <summary>The help of a command, with its examples at the end.</summary>
/// <param name="page">Writes everything but the examples.</param>
internal sealed class HelpPage(HelpAction page) : SynchronousCommandLineAction
{
    // The help of the program itself shows where to begin.
    private static readonly ImmutableArray<string> FirstCommands =
    [
        "compress",
        "plan MODEL --ratio 4",
        "compress MODEL --ratio 4 --calibration text.jsonl --out small",
        "generate small --prompt \"Once upon a time\"",
    ];

    /// <summary>Shows examples in the help of all commands.</summary>
    /// <param name="root">The root command.</param>
    public static void AddTo(RootCommand root)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpPage((HelpAction)help.Action!);
    }

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        ArgumentNullException.ThrowIfNull(parseResult);
        int code = page.Invoke(parseResult);
        ImmutableArray<string> examples =
            parseResult.CommandResult.Command is Verb verb ? verb.Examples : FirstCommands;
        if (!examples.IsEmpty)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine(examples.Length == 1 ? "Example:" : "Examples:");
            foreach (string example in examples)
            {
                output.WriteLine($"  hypercompress {example}");
            }

            output.WriteLine();
        }

        return code;
    }
}
