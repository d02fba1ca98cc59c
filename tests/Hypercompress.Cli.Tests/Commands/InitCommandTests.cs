using Hypercompress.Cli.Commands.Starting;
using Hypercompress.Cli.Output;

namespace Hypercompress.Cli.Tests.Commands;

public sealed class InitCommandTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Init_WithOptions_WritesThemIntoTheCommentedFile()
    {
        string text = Text();
        string file = _folder.Of("my recipe.yaml");

        Workspace.Run(
            "init", "--out", file, "--model", "some/model", "--bytes", "3MB", "--for", "gguf", "--calibration", text,
            "--max-ram", "8GB", "--effort", "light").Expect(ExitCode.Done, $"some/model --config '{file}'");

        string[] lines = File.ReadAllLines(file);
        Assert.StartsWith("# Use it with: ", lines[0], StringComparison.Ordinal);
        Assert.Contains("some/model", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("  bytes: 3MB   ", StringComparison.Ordinal)
            && line.Contains("# bytes of the student's weights", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("  runtime: gguf   ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith($"  calibration: [\"{text}\"]", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("  max_ram: 8GB   ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("  probes: off   ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("  calibration_tokens: 16384   ", StringComparison.Ordinal));
        Workspace.Run("plan", "--config", file, "--set", "data.calibration=[]").Expect(ExitCode.Done);
    }

    [Theory]
    [InlineData("--bytes", "much")]
    [InlineData("--ratio", "much")]
    [InlineData("--effort", "all")]
    [InlineData("--for", "phone")]
    [InlineData("--max-ram", "8")]
    [InlineData("--calibration", "/no/such/text.txt")]
    public void Init_WithAnAnswerThatCannotBe_NamesTheOptionAndWritesNothing(string option, string value)
    {
        string file = _folder.Of("recipe.yaml");

        Workspace.Run("init", "--out", file, option, value).Expect(ExitCode.Usage, option);

        Assert.False(File.Exists(file));
    }

    [Fact]
    public void Init_WithASizeInBytes_IsNoRatio_AndTwoTargetsAreRefused()
    {
        string file = _folder.Of("bytes.yaml");

        Workspace.Run("init", "--out", file, "--bytes", "3000000").Expect(ExitCode.Done);
        Workspace.Run("init", "--out", _folder.Of("two.yaml"), "--bytes", "3MB", "--ratio", "4")
            .Expect(ExitCode.Usage, "--ratio and --bytes: each of these sets the size");

        Assert.Contains(
            File.ReadAllLines(file), line => line.StartsWith("  bytes: 3000000   ", StringComparison.Ordinal));
    }

    [Fact]
    public void Ask_WithAnswers_AsksAgainAfterAWrongOne()
    {
        string text = Text();
        var messages = new StringWriter();
        var input = new StringReader($"my/model\n2,5\n6\n\n/no/such\n{text}\n\n\nheavy\nnormal\n");
        var recipe = new CommentedRecipe("targets:\n  compression_ratio: 4    # how small\ndata:\n  calibration: []\n");
        var answers = new InitAnswers(recipe);

        new InitDialogue(new Terminal(TextWriter.Null, messages, default, input)).Ask(InitQuestion.All, answers);

        Assert.Equal("my/model", answers.Model);
        Assert.Equal(
            "# Use it with: x\n"
            + $"targets:\n  compression_ratio: 6    # how small\ndata:\n  calibration: [\"{text}\"]\n",
            recipe.Text("x"));
        Assert.Contains("/no/such: there is no such file", messages.ToString(), StringComparison.Ordinal);
    }

    private string Text()
    {
        string text = _folder.Of("text.txt");
        File.WriteAllText(text, "once upon a time");
        return text;
    }
}
