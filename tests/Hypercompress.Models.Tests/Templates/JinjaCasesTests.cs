using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Hypercompress.Models.Tests.Templates;

public sealed class JinjaCasesTests
{
    private const string Python = "/usr/bin/python3";

    public static TheoryData<string> ChatNames => [.. JinjaCases.ChatNames];

    [Fact]
    public void Render_Features_EqualJinja()
    {
        var context = (JsonObject)JinjaCases.Read("context.json");
        var expected = (JsonArray)JinjaCases.Read("features.json");
        var sources = JinjaCases.Features();
        Assert.Equal(expected.Count, sources.Count);
        string[] wrong =
        [
            .. sources.Select((source, i) => (Source: source, Expected: (string?)expected[i]))
                .Select(pair => (pair.Source, pair.Expected, Found: JinjaCases.Render(pair.Source, context)))
                .Where(triple => triple.Expected != triple.Found)
                .Select(triple => $"{triple.Source}\n  expected {triple.Expected}\n  found    {triple.Found}"),
        ];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [Theory]
    [MemberData(nameof(ChatNames))]
    public void Render_ChatTemplate_EqualsJinja(string name)
    {
        var expected = (JsonArray)JinjaCases.Read("chat.json")[name]!;
        var conversations = (JsonArray)JinjaCases.Read("conversations.json");
        for (int i = 0; i < conversations.Count; i++)
        {
            Assert.Equal((string?)expected[i], JinjaCases.Render(JinjaCases.Chat(name), (JsonObject)conversations[i]!));
        }
    }

    [Fact]
    public void WriteExpected_WhereJinjaIsInstalled_GivesTheFilesThatAreCheckedIn()
    {
        Assert.SkipUnless(Run("-c", "import jinja2") == 0, "python3 with jinja2 is not installed");
        string folder = Directory.CreateTempSubdirectory().FullName;
        Assert.Equal(0, Run(Path.Combine(JinjaCases.Folder, "write_expected.py"), folder));
        foreach (string name in (string[])["features.json", "chat.json"])
        {
            Assert.Equal(
                File.ReadAllText(Path.Combine(JinjaCases.Folder, name)), File.ReadAllText(Path.Combine(folder, name)));
        }

        Directory.Delete(folder, recursive: true);
    }

    private static int Run(params string[] arguments)
    {
        if (!File.Exists(Python))
        {
            return -1;
        }

        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
