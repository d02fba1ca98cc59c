using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;

namespace Hypercompress.Cli.Tests.Parsing;

/// <summary>The rules that all options of all commands obey; the options are found in the command tree.</summary>
public sealed class OptionValueTests
{
    private static readonly RootCommand Root =
        CommandLine.Tree(new Terminal(TextWriter.Null, TextWriter.Null, CancellationToken.None));

    // These numbers are read as text and parsed with the configuration.
    private static readonly string[] ConfiguredNumbers =
        ["--bytes", "--max-kv-bytes", "--max-multiply-adds", "--max-ram", "--ratios"];

    public static TheoryData<string, string> NumericOptions => Options(option => IsNumber(option.ValueType));

    public static TheoryData<string, string> TextOptions => Options(
        option => option.Name != "--prompt"
            && (option.ValueType == typeof(string) || option.ValueType == typeof(string[])));

    public static TheoryData<string> Verbs => [.. Root.Subcommands.Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(NumericOptions))]
    public void Number_WithASeparator_IsRefusedInEveryCulture(string verb, string option)
    {
        foreach (string culture in new[] { "", "de-DE", "fr-FR", "ar-SA" })
        {
            foreach (string text in new[] { "2,5", "1,000", "1.000,5", "1 000", "abc", "NaN", "Infinity", "0x10", "٢" })
            {
                string fault = Assert.Single(InCulture(culture, () => Faults(Complete(verb, option, text))));

                Assert.StartsWith($"{option} {text}: expected ", fault, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Number_WithAComma_EndsTheProgram()
    {
        CliResult run = InCulture("de-DE", () => Workspace.Run("compress", "--ratio", "2,5"));

        run.Expect(ExitCode.Usage, "--ratio 2,5", "decimal point");
    }

    [Theory]
    [MemberData(nameof(NumericOptions))]
    public void Number_IsTheSameInEveryCulture(string verb, string option)
    {
        Type type = Root.Subcommands.Single(command => command.Name == verb)
            .Options.Single(declared => declared.Name == option).ValueType;
        bool isReal = (Nullable.GetUnderlyingType(type) ?? type) == typeof(double);
        string text = isReal ? "2.5" : "17";
        foreach (string culture in new[] { "", "de-DE", "fa-IR" })
        {
            object? value = InCulture(
                culture, () => Value(CommandLine.Parse(Root, Complete(verb, option, text)), option));

            Assert.Equal(isReal ? 2.5 : 17.0, Convert.ToDouble(value, CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void NumberOfTheConfiguration_WithASeparator_IsRefused()
    {
        foreach (Command verb in Root.Subcommands)
        {
            foreach (Option option in verb.Options.Where(option => ConfiguredNumbers.Contains(option.Name)))
            {
                string text = option.Name == "--ratios" ? "2.5;3" : "2,5";
                InCulture("de-DE", () => Workspace.Run(verb.Name, option.Name, text)).Expect(ExitCode.Usage, text);
            }
        }
    }

    [Theory]
    [MemberData(nameof(TextOptions))]
    public void EmptyText_IsRefused(string verb, string option)
    {
        foreach (string text in new[] { "", " " })
        {
            Assert.Contains(
                Faults(Complete(verb, option, text)),
                fault => fault.StartsWith($"{option} is empty", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void EmptyModel_IsRefused(string verb)
    {
        Command command = Root.Subcommands.Single(command => command.Name == verb);
        if (command.Arguments.Any(argument => argument.Name == "MODEL"))
        {
            Workspace.Run(verb, "").Expect(ExitCode.Usage, "MODEL is empty");
        }
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void MisspelledOption_IsNotTakenForAValue(string verb)
    {
        Command command = Root.Subcommands.Single(command => command.Name == verb);
        foreach (Option option in command.Options.Where(option => option.Name.Length > 4))
        {
            string typo = option.Name[..^2] + option.Name[^1] + option.Name[^2];
            if (typo != option.Name)
            {
                Assert.Contains($"there is no option {typo}; did you mean {option.Name}?", Faults([verb, typo]));
            }
        }
    }

    [Theory]
    [InlineData("--calibration")]
    [InlineData("--out")]
    public void MisspelledOption_AfterAnOptionThatTakesText_IsNamed(string option) =>
        Workspace.Run("compress", option, "a.txt", "--no-trian").Expect(ExitCode.Usage, "--no-trian", "--no-train");

    [Theory]
    [InlineData("--calibration")]
    [InlineData("--out")]
    public void OptionWithoutItsValue_IsNamed(string option) =>
        Workspace.Run("compress", option, "--validation", "a.txt")
            .Expect(ExitCode.Usage, $"{option} has no value: --validation");

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Help_ShowsDefaultsAndExamplesThatCanBeParsed(string verb)
    {
        CliResult help = Workspace.Run(verb, "--help").Expect(ExitCode.Done);

        Assert.Contains("Example", help.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", help.Output, StringComparison.Ordinal);
        RequireExamplesThatCanBeParsed(help.Output);
        Command command = Root.Subcommands.Single(command => command.Name == verb);
        Assert.All(
            command.Options.Where(option => IsNumber(option.ValueType)),
            option => Assert.Contains("[default", HelpOf(help.Output, option.Name), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("compres", "compress")]
    [InlineData("exprot", "export")]
    [InlineData("reprot", "report")]
    [InlineData("xyzzyxyzzy", null)]
    public void MisspelledCommand_GetsASuggestion(string typed, string? meant)
    {
        CliResult run = Workspace.Run(typed, "--help").Expect(ExitCode.Usage, $"there is no command {typed}");

        Assert.Equal(meant is not null, run.Messages.Contains($"did you mean {meant}?", StringComparison.Ordinal));
    }

    [Fact]
    public void NoArguments_ShowTheHelp()
    {
        CliResult run = Workspace.Run().Expect(ExitCode.Done);

        Assert.Empty(run.Messages);
        Assert.Contains("Usage:", run.Output, StringComparison.Ordinal);
        RequireExamplesThatCanBeParsed(run.Output);
    }

    [Fact]
    public void Help_OfTheProgram_ShowsFirstCommands() =>
        RequireExamplesThatCanBeParsed(Workspace.Run("--help").Expect(ExitCode.Done).Output);

    [Fact]
    public void Help_OfReport_IsItsOwn()
    {
        CliResult help = Workspace.Run("report", "--help").Expect(ExitCode.Done);

        Assert.Contains("model card", help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void SuperfluousArgument_IsNamed() =>
        Workspace.Run("verify", "my", "model").Expect(ExitCode.Usage, "'model' is one argument too many", "quotes");

    [Theory]
    [InlineData("0")]
    [InlineData("1025")]
    [InlineData("100000")]
    public void Threads_AreBounded(string threads)
    {
        Workspace.Run("generate", "--prompt", "x", "--threads", threads).Expect(ExitCode.Usage, "--threads", "1024");
        Workspace.Run("compress", "--threads", threads).Expect(ExitCode.Usage, "--threads", "1024");
    }

    [Theory]
    [InlineData("--max-tokens", "0", "must be at least 1")]
    [InlineData("--temperature", "-0.5", "must be at least 0")]
    [InlineData("--top-k", "-1", "must be at least 0")]
    [InlineData("--top-p", "0", "must be above 0 and at most 1")]
    [InlineData("--top-p", "1.5", "must be above 0 and at most 1")]
    [InlineData("--cache-tokens", "3", "must be at least 16")]
    public void SamplingOutOfRange_NamesTheOption_BeforeTheModelIsRead(string option, string value, string fault)
    {
        string message = $"error: {option} {value}: {fault}";
        Workspace.Run("generate", "no-model", "--prompt", "x", option, value).Expect(ExitCode.Usage, message);
        Workspace.Run("chat", "no-model", option, value).Expect(ExitCode.Usage, message);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("7")]
    public void DraftTokensOutOfRange_NameTheOption(string value) =>
        Workspace.Run("generate", "no-model", "--prompt", "x", "--draft", "no-draft", "--draft-tokens", value)
            .Expect(ExitCode.Usage, $"error: --draft-tokens {value}: must be from 1 to 6");

    private static TheoryData<string, string> Options(Func<Option, bool> isWanted)
    {
        var data = new TheoryData<string, string>();
        foreach (Command verb in Root.Subcommands)
        {
            foreach (Option option in verb.Options.Where(isWanted))
            {
                data.Add(verb.Name, option.Name);
            }
        }

        return data;
    }

    private static void RequireExamplesThatCanBeParsed(string help)
    {
        string[] examples =
        [
            .. help.Split('\n').SkipWhile(line => !line.StartsWith("Example", StringComparison.Ordinal))
                .Where(line => line.StartsWith("  hypercompress ", StringComparison.Ordinal)),
        ];
        Assert.NotEmpty(examples);
        Assert.All(
            examples,
            example => Assert.Empty(CommandLine.Parse(Root, ShellWords.Split(Command(example))[1..]).Errors));
    }

    // What comes after a > is the shell's.
    private static string Command(string example) => example.Split('>')[0].Trim();

    private static bool IsNumber(Type type) =>
        Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) is >= TypeCode.SByte and <= TypeCode.Decimal;

    private static ImmutableArray<string> Faults(string[] args) => UsageFaults.Of(CommandLine.Parse(Root, args));

    private static object? Value(ParseResult parsed, string option) => parsed.GetValue<object>(option);

    // The command with its required options and arguments, so that nothing else is wrong with it.
    private static string[] Complete(string verb, string option, string text)
    {
        Command command = Root.Subcommands.Single(command => command.Name == verb);
        List<string> args = [verb];
        args.AddRange(command.Arguments.Select(_ => "model"));
        foreach (Option required in command.Options.Where(required => required.Required && required.Name != option))
        {
            args.AddRange([required.Name, required.Name == "--format" ? "gguf" : "value"]);
        }

        return [.. args, option, text];
    }

    private static string HelpOf(string help, string option) =>
        help.Split('\n').First(line => line.Contains($"{option} <", StringComparison.Ordinal));

    private static T InCulture<T>(string name, Func<T> run)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(name);
        try
        {
            return run();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
