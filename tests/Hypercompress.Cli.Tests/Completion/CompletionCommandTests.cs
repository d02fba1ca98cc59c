using System.CommandLine;
using System.Diagnostics;
using Hypercompress.Cli.Completion;
using Hypercompress.Cli.Output;

namespace Hypercompress.Cli.Tests.Completion;

/// <summary>The scripts, asked by the shells themselves where these are installed.</summary>
public sealed class CompletionCommandTests
{
    public static TheoryData<string> Shells => ["bash", "fish", "powershell", "zsh"];

    [Theory]
    [MemberData(nameof(Shells))]
    public void Script_HasEveryCommandAndOption(string shell)
    {
        string script = Script(shell);

        RootCommand root = CommandLine.Tree(new Terminal(TextWriter.Null, TextWriter.Null, CancellationToken.None));
        foreach (CompletedCommand command in CompletedCommand.AllOf(root))
        {
            Assert.Contains(command.Name, script, StringComparison.Ordinal);
            Assert.All(
                command.Options.SelectMany(option => option.Names),
                name => Assert.Contains(name.TrimStart('-'), script, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("", "compress", "serve", "completion")]
    [InlineData("comp", "compress", "compare", "completion")]
    [InlineData("compress --devi", "--device")]
    [InlineData("compress MODEL --rat", "--ratio")]
    [InlineData("compress --device c", "cpu", "cuda")]
    [InlineData("completion ", "bash", "fish", "powershell", "zsh")]
    public void Bash_Completes(string typed, params string[] expected)
    {
        Assert.SkipUnless(IsInstalled("bash"), "bash is not installed");
        string[] words = ["hypercompress", .. typed.Split(' ')];
        string ask = $"""
            {Script("bash")}
            COMP_WORDS=({string.Join(' ', words.Select(word => $"'{word}'"))})
            COMP_CWORD={words.Length - 1}
            _hypercompress
            printf '%s\n' "${"{"}COMPREPLY[@]{"}"}"
            """;

        string[] offered = Run("bash", ask);
        Assert.Subset(offered.ToHashSet(), expected.ToHashSet());
        Assert.All(offered, word => Assert.StartsWith(words[^1], word, StringComparison.Ordinal));
    }

    [Fact]
    public void Bash_AfterAnOptionForAFile_LeavesItToTheShell()
    {
        Assert.SkipUnless(IsInstalled("bash"), "bash is not installed");
        string ask = $"""
            {Script("bash")}
            COMP_WORDS=(hypercompress compress --config r)
            COMP_CWORD=3
            _hypercompress
            echo "${"{"}#COMPREPLY[@]{"}"}"
            """;
        Assert.Equal(["0"], Run("bash", ask));
    }

    [Theory]
    [InlineData("comp", "compress")]
    [InlineData("compress --devi", "--device")]
    [InlineData("compress --device c", "cuda")]
    public void Fish_Completes(string typed, string expected)
    {
        Assert.SkipUnless(IsInstalled("fish"), "fish is not installed");
        string[] offered = Run("fish", $"{Script("fish")}\ncomplete -C 'hypercompress {typed}'");
        Assert.Contains(expected, offered.Select(line => line.Split('\t')[0]));
    }

    [Fact]
    public void Zsh_ReadsTheScript()
    {
        Assert.SkipUnless(IsInstalled("zsh"), "zsh is not installed");
        string ask = $"autoload -Uz compinit; compinit -D\n{Script("zsh")}\necho $_comps[hypercompress]";
        Assert.Equal(["_hypercompress"], Run("zsh", ask));
    }

    [Fact]
    public void AnotherShell_IsRefused() =>
        Workspace.Run("completion", "tcsh").Expect(ExitCode.Usage, "bash");

    private static string Script(string shell)
    {
        CliResult result = Workspace.Run("completion", shell);
        result.Expect(ExitCode.Done);
        return result.Output;
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string[] Run(string shell, string script)
    {
        using var process = Process.Start(new ProcessStartInfo(shell)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(script);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal("", errors.Result);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
