using System.CommandLine;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;

namespace Hypercompress.Cli.Tests.Parsing;

/// <summary>What is wrong with a command line is said in one sentence of the program's own.</summary>
public sealed class UsageFaultsTests
{
    private static readonly RootCommand Root =
        CommandLine.Tree(new Terminal(TextWriter.Null, TextWriter.Null, CancellationToken.None));

    [Theory]
    [InlineData("generate --prompt x --cache q9", "--cache q9: expected f16 or q8; did you mean q8?")]
    [InlineData("generate --prompt x --engine f", "--engine f: expected integer or float")]
    [InlineData("generate --prompt x --memory smal", "--memory smal: expected fast or small; did you mean small?")]
    [InlineData("evaluate --convention pape", "--convention pape: expected paper or sliding; did you mean paper?")]
    [InlineData("compare a b --convention xyz", "--convention xyz: expected paper or sliding")]
    [InlineData("export m --out x --format foo", "--format foo: expected hf, hf-dense, hf-quant, gguf, onnx or pt")]
    [InlineData("export m --out x --format pt --dtype f23",
        "--dtype f23: expected f32, f16 or bf16; did you mean f32?")]
    [InlineData("completion bsh", "SHELL bsh: expected bash, fish, powershell or zsh; did you mean bash?")]
    public void AnotherWord_IsRefusedWithTheWordsThatThereAre(string line, string expected) =>
        Assert.Equal(expected, Fault(line));

    [Theory]
    [InlineData("compress --ratio", "--ratio has no value: write --ratio R")]
    [InlineData("generate --prompt", "--prompt has no value: write --prompt TEXT")]
    [InlineData("generate --prompt x --cache", "--cache has no value: write --cache f16|q8")]
    [InlineData("compress --ratio 4 --ratio 8", "--ratio is given 2 times; give it once")]
    [InlineData("generate", "--prompt is missing: write --prompt TEXT")]
    [InlineData("tokenize", "--input is missing: write --input FILE.jsonl")]
    [InlineData("generate --promt x", "there is no option --promt; did you mean --prompt?")]
    public void WhatIsMissing_IsNamedOnce(string line, string expected) => Assert.Equal(expected, Fault(line));

    [Theory]
    [InlineData("verify")]
    [InlineData("compare")]
    public void MissingModel_IsNamed(string verb)
    {
        string fault = Fault(verb);

        Assert.StartsWith("MODEL is missing: write ", fault, StringComparison.Ordinal);
        Assert.EndsWith($" {verb} MODEL", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("generate --prompt x --max-tokens 999999999999", "must be at most 2147483647")]
    [InlineData("generate --prompt x --top-k -99999999999", "must be at least -2147483648")]
    [InlineData("generate --prompt x --seed -1", "must be at least 0")]
    public void NumberBeyondItsType_IsRefusedWithTheRange(string line, string expected) =>
        Assert.EndsWith($": {expected}", Fault(line), StringComparison.Ordinal);

    [Theory]
    [InlineData("compress --ratio --json", "--ratio")]
    [InlineData("compress --seed --json", "--seed")]
    [InlineData("evaluate --limit --json", "--limit")]
    public void NumberThatIsAnOption_IsAMissingValue(string line, string option) =>
        Assert.Equal($"{option} has no value: --json, which follows, is an option of its own", Fault(line));

    [Theory]
    [InlineData("compress --xyzzyxyzzy", "--xyzzyxyzzy")]
    [InlineData("compress -x", "-x")]
    public void UnknownOption_WithoutANearOne_SendsToTheHelp(string line, string option)
    {
        Assert.StartsWith($"there is no option {option}; see ", Fault(line), StringComparison.Ordinal);
        CliResult run = Workspace.Run(line.Split(' ')).Expect(ExitCode.Usage);
        Assert.Single(run.Messages.TrimEnd().Split('\n'));
    }

    private static string Fault(string line) =>
        Assert.Single(UsageFaults.Of(CommandLine.Parse(Root, line.Split(' '))));
}
