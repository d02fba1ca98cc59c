using Hypercompress.Cli.Output;

namespace Hypercompress.Cli.Tests.Output;

public sealed class LiveLineTests
{
    [Fact]
    public void Show_ReplacesTheLine_AndLeavesNothingOfALongerOne()
    {
        using var screen = new ScreenText(60);
        var line = new LiveLine(screen, () => 60);

        line.Show("a long line of progress");
        line.Show("short");

        Assert.Equal(["short"], screen.Lines);
    }

    [Fact]
    public void WriteLine_PutsTheLineAboveTheLiveOne()
    {
        using var screen = new ScreenText(60);
        var line = new LiveLine(screen, () => 60);

        line.Show("offers  74 %");
        line.WriteLine("note: x");
        line.Show("offers  75 %");
        Assert.Equal(["note: x", "offers  75 %"], screen.Lines);

        line.Clear();
        Assert.Equal(["note: x"], screen.Lines);
    }

    [Fact]
    public void Show_LongerThanTheTerminal_TakesOneLine()
    {
        using var screen = new ScreenText(20);
        var line = new LiveLine(screen, () => 20);

        line.Show(new string('x', 50));
        line.Show(new string('y', 50));

        Assert.Equal([new string('y', 19)], screen.Lines);
    }

    [Fact]
    public void Show_TextOfAFile_CannotSteerTheTerminal()
    {
        using var screen = new ScreenText(60);
        new LiveLine(screen, () => 60).Show("a\u001b[2Jb\nc");

        Assert.Equal([@"a\x1b[2Jb c"], screen.Lines);
    }
}
