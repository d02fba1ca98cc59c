namespace Hypercompress.Cli.Tests;

public sealed class ProgramNameTests
{
    private const string Assembly = "/repo/bin/Hypercompress.Cli.dll";

    [Theory]
    [InlineData("/home/me/.dotnet/tools/hypercompress", "/repo", "hypercompress")]
    [InlineData("/opt/my tools/hypercompress", "/repo", "'/opt/my tools/hypercompress'")]
    [InlineData("/home/me/.dotnet/tools/.store/hypercompress.cli/1.0/x/Hypercompress.Cli", "/repo", "hypercompress")]
    [InlineData("/opt/tools/.store/hypercompress.cli/1.0/x/Hypercompress.Cli", "/opt", "./tools/hypercompress")]
    [InlineData("/ends/with/.store/hypercompress.cli/1.0/x/Hypercompress.Cli", "/opt", "hypercompress")]
    [InlineData("/repo/bin/Hypercompress.Cli", "/repo", "./bin/Hypercompress.Cli")]
    [InlineData("/repo/bin/Hypercompress.Cli", "/home/me", "/repo/bin/Hypercompress.Cli")]
    [InlineData("/usr/bin/dotnet", "/repo", "dotnet ./bin/Hypercompress.Cli.dll")]
    [InlineData("/repo/bin/Some.Tests", "/repo", "hypercompress")]
    [InlineData(null, "/repo", "hypercompress")]
    public void Of_NamesACommandThatCanBeTyped(string? process, string folder, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the paths are those of another system");

        Assert.Equal(expected, ProgramName.Of(process, Assembly, folder, "/usr/bin:/home/me/.dotnet/tools:/ends/with/"));
    }

    [Fact]
    public void Command_InsideATestProgram_IsTheToolsName() => Assert.Equal("hypercompress", ProgramName.Command);
}
