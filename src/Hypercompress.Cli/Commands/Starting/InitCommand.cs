using System.CommandLine;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;

namespace Hypercompress.Cli.Commands.Starting;

/// <summary>
/// <c>init</c>: a configuration file with every key and a comment, made by a few questions or options.
/// </summary>
internal static class InitCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it reads and writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        var options = new InitOptions();
        var command = new Verb(
            "init",
            "Writes a configuration file with every key and what it does; in a terminal it asks for the model, the "
                + "target, the texts and the machine",
            "init",
            "init --model MODEL --bytes 40MB --calibration text.jsonl --out my.yaml");
        options.AddTo(command);
        command.SetAction(parsed => Run(parsed, options, terminal));
        return command;
    }

    private static int Run(ParseResult parsed, InitOptions options, Terminal terminal)
    {
        string path = parsed.GetValue(options.Output)!;
        if (File.Exists(path))
        {
            throw new ConfigurationException($"{path} already exists; give another --out");
        }

        OutputTarget.CheckFile(options.Output.Name, path);
        var recipe = new CommentedRecipe(Defaults());
        var answers = new InitAnswers(recipe);
        InitQuestion[] given =
            [.. InitQuestion.All.Where(question => parsed.GetValue(question.Option) is { Length: > 0 })];
        RequireOneTarget(given);
        foreach (InitQuestion question in given)
        {
            question.Apply(answers, string.Join(',', parsed.GetValue(question.Option)!));
        }

        if (given.Length == 0 && !parsed.GetValue(options.Defaults) && terminal.IsTyped)
        {
            new InitDialogue(terminal).Ask(InitQuestion.All, answers);
        }

        AtomicFile.WriteText(path, recipe.Text(answers.Command(path)));
        terminal.Messages.WriteLine($"wrote {path}; use it with: {answers.Command(path)}");
        return (int)ExitCode.Done;
    }

    private static void RequireOneTarget(InitQuestion[] given)
    {
        string[] targets = [.. given.Select(question => question.Option.Name).Where(InitQuestion.Targets.Contains)];
        if (targets.Length > 1)
        {
            throw new ConfigurationException(
                $"{string.Join(" and ", targets)}: each of these sets the size of the result; give one of them");
        }
    }

    private static string Defaults()
    {
        using Stream file = typeof(InitCommand).Assembly.GetManifestResourceStream("default.yaml")!;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
