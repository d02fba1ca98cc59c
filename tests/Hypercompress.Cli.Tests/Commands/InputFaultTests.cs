namespace Hypercompress.Cli.Tests.Commands;

/// <summary>
/// Inputs that cannot be read, and options that would be ignored: said before any work, in plain words.
/// </summary>
public sealed class InputFaultTests(Workspace workspace) : IClassFixture<Workspace>
{
    [Theory]
    [InlineData("compress --calibration", ExitCode.Input)]
    [InlineData("plan --validation", ExitCode.Input)]
    [InlineData("compress --config", ExitCode.Usage)]
    [InlineData("plan --plan", ExitCode.Input)]
    [InlineData("compress --plan", ExitCode.Input)]
    [InlineData("tokenize --input", ExitCode.Input)]
    [InlineData("serve --key-file", ExitCode.Input)]
    [InlineData("evaluate --text", ExitCode.Input)]
    [InlineData("logits --out x.safetensors --ids", ExitCode.Input)]
    public void FileThatIsMissingOrAFolder_IsSoInEveryInput(string line, object code)
    {
        string folder = Directory.CreateDirectory(workspace.Of("a-folder")).FullName;
        string missing = workspace.Of("nowhere/file");

        Workspace.Run([.. line.Split(' '), folder]).Expect((ExitCode)code, $"{folder}: is a folder; name a file");
        Workspace.Run([.. line.Split(' '), missing])
            .Expect((ExitCode)code, $"{missing}: does not exist; check the path");
    }

    [Theory]
    [InlineData("plan --plan", "garbage", "line 1, column 1: 'g' is an invalid start of a value; write a plan")]
    [InlineData("plan --plan", "{\n \"version\": }", "line 2, column 13: '}' is an invalid start of a value; write a plan")]
    [InlineData("plan --plan", "", "there is nothing in it; write a plan")]
    [InlineData("plan --plan", "{\"version\": 1, \"version\": 1}", "the key 'version' is there twice")]
    [InlineData("tokenize --input", "\"a\"\nhello", "line 2 is not a JSON string: column 1: 'h' is an invalid start")]
    [InlineData("compress --statistics", "{", "line 1, column 2: the text ends too early")]
    public void MalformedJson_IsNamedByLineAndColumn(string line, string content, string expected)
    {
        string file = workspace.Write("malformed.json", content);

        CliResult run = Workspace.Run([.. line.Split(' '), file]).Expect(ExitCode.Input, file, expected);

        Assert.DoesNotContain("LineNumber", run.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain("Hypercompress.", run.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evaluate --window 1", "--window must be at least 2 and at most 1048576, found 1")]
    [InlineData("compare a b --window 1", "--window must be at least 2 and at most 1048576, found 1")]
    [InlineData("evaluate --limit -1", "--limit must be more than 0 and at most 1000000000, found -1")]
    [InlineData("evaluate --shots 1000", "--shots must be at least 0 and at most 100, found 1000")]
    [InlineData("evaluate --tasks copq", "there is no task 'copq'; did you mean 'copa'?")]
    [InlineData("compress --set evaluation.tasks=[copq]", "there is no task 'copq'; did you mean 'copa'?")]
    [InlineData("generate --prompt x --draft-tokens 99", "--draft-tokens does nothing without --draft")]
    [InlineData("evaluate --limit 3", "--limit does nothing without --tasks")]
    [InlineData("evaluate --stride 4", "--stride does nothing without --convention sliding")]
    [InlineData("compare a b --window 4", "--window does nothing without --text")]
    public void OptionThatCannotBe_IsNamed(string line, string expected) =>
        Workspace.Run(line.Split(' ')).Expect(ExitCode.Usage, expected);

    [Theory]
    [InlineData("empty.txt", "", "", "is empty: it holds no text")]
    [InlineData("latin.txt", "caf\xe9 au lait", "", "which is not UTF-8")]
    [InlineData("plain.txt", "some text", ":body", "is plain text, which has no column 'body'")]
    [InlineData("ids.json", "[1, 2, 3]", ":body", "is a list of token ids, which has no column 'body'")]
    public void TextThatIsNone_IsRefusedBeforeTheModelIsLoaded(
        string name, string content, string column, string expected)
    {
        string file = workspace.Of(name);
        File.WriteAllBytes(file, System.Text.Encoding.Latin1.GetBytes(content));

        CliResult run = Workspace.Run("plan", workspace.Model, "--calibration", file + column)
            .Expect(ExitCode.Input, expected);
        Workspace.Run("evaluate", workspace.Of("no-model"), "--text", file + column).Expect(ExitCode.Input, expected);

        Assert.DoesNotContain("load", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_ThatAreNone_AreRefusedBeforeTheModelIsLoaded() =>
        Workspace.Run(
            "logits", workspace.Of("no-model"), "--ids", workspace.Write("no-ids.json", "{"), "--out", "x.safetensors")
            .Expect(ExitCode.Input, "no-ids.json: is neither a list of token ids nor a list of such lists");

    [Fact]
    public void SequenceBeyondTheContext_IsNoted()
    {
        string[] arguments = [.. workspace.Arguments("plan", workspace.Model), "--ratio", "4"];

        Workspace.Run([.. arguments, "--set", "data.sequence_length=100000"])
            .Expect(ExitCode.Done, "data.sequence_length is 100000, but the model takes ");
    }

    [Theory]
    [InlineData("export --format pt --out", "x.pt")]
    [InlineData("export --format hf --out", "x")]
    [InlineData("import --out", "x")]
    [InlineData("plan --calibration TEXT --statistics", "x.json")]
    [InlineData("plan --calibration TEXT --save", "x.json")]
    [InlineData("compress --calibration TEXT --out", "x")]
    [InlineData("compress --calibration TEXT --statistics", "x.json")]
    public void Command_WithAFileInThePathOfItsResult_IsRefusedAtOnce(string line, string name)
    {
        string file = workspace.Write("a-file", "");

        CliResult run = Workspace.Run(
            [
                .. line.Split(' ').Select(word => word == "TEXT" ? workspace.Calibration : word),
                Path.Combine(file, "sub", name),
                workspace.Model,
            ])
            .Expect(ExitCode.Usage, $"{file} is a file and not a folder; give another path");

        Assert.DoesNotContain(" …", run.Messages, StringComparison.Ordinal);
    }
}
