using System.Collections.Immutable;
using System.CommandLine;
using System.Text.RegularExpressions;
using Hypercompress.Branches.Registry;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;
using Hypercompress.Configuration;

namespace Hypercompress.Cli.Tests.Documents;

/// <summary>Documents say what is so: their commands, settings, code, links, tables and messages exist.</summary>
public sealed class DocumentTests(Workspace workspace) : IClassFixture<Workspace>
{
    private const string Program = "src/Hypercompress.Cli";

    // Text and drawings are read by people alone; Python and JavaScript belong to other programs.
    private static readonly string[] Languages = ["bash", "yaml", "csharp", "text", "python", "js"];

    private static readonly RootCommand Root =
        CommandLine.Tree(new Terminal(TextWriter.Null, TextWriter.Null, CancellationToken.None));

    public static TheoryData<string> Paths => [.. Document.All.Select(document => document.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Blocks_HaveALanguage(string path) =>
        Assert.All(Document.Read(path).Blocks(), block => Assert.Contains(block.Language, Languages));

    [Theory]
    [MemberData(nameof(Paths))]
    public void Commands_ArePartOfTheProgram(string path) => Assert.All(Document.Read(path).Commands(), words =>
    {
        switch (words)
        {
            case ["hypercompress", .. var args]:
                AssertRuns(args);
                break;
            case ["dotnet", "run", ..]:
                string project = words[Array.IndexOf(words, "--project") + 1];
                Assert.True(Directory.Exists(Path.Combine(Document.Root, project)), project);
                if (project == Program && Array.IndexOf(words, "--") is var end and > 0)
                {
                    AssertRuns(words[(end + 1)..]);
                }

                break;
            case ["dotnet", "pack" or "publish", var packed, ..]:
                Assert.True(Directory.Exists(Path.Combine(Document.Root, packed)), packed);
                break;
            case ["source", ['<', '(', ..] first, .. var rest]:
                Assert.Equal("<(hypercompress", first);
                AssertRuns([.. rest.Select(word => word.TrimEnd(')'))]);
                break;
            case ["mpirun", .. var run]:
                AssertRuns(run[(Array.IndexOf(run, "hypercompress") + 1)..]);
                break;
            case ["docker", "run", .. var run]:
                AssertRuns(run[(Array.IndexOf(run, "hypercompress") + 1)..]);
                break;
            default:
                bool isKnown =
                    words is ["dotnet", "test" or "build" or "format" or "tool", ..] or ["docker", "build", ..];
                Assert.True(isKnown, string.Join(' ', words));
                break;
        }
    });

    [Theory]
    [MemberData(nameof(Paths))]
    public void Settings_AreRead(string path)
    {
        foreach ((_, string code) in Document.Read(path).Blocks().Where(block => block.Language == "yaml"))
        {
            if (code.TrimStart().StartsWith("task:", StringComparison.Ordinal))
            {
                AssertIsATask(code);
            }
            else
            {
                new PipelineConfigReader(BranchRegistry.BuiltIn).Parse(code, path, ConfigOverrides.None);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Code_IsPartOfASample(string path)
    {
        string samples = Squeezed(string.Join('\n', Directory
            .EnumerateFiles(Path.Combine(Document.Root, "samples"), "*.cs", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(File.ReadAllText)));
        Assert.All(
            Document.Read(path).Blocks().Where(block => block.Language == "csharp"),
            block => Assert.Contains(Squeezed(block.Code), samples, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Links_LeadSomewhere(string path)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Document.Root, path))!;
        IEnumerable<string> links = Regex.Matches(Document.Read(path).Text, @"\]\(([^)#\s]+)(#[^)]*)?\)")
            .Select(link => link.Groups[1].Value)
            .Where(link => !link.Contains("://", StringComparison.Ordinal));
        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(folder, link)), link));
    }

    [Fact]
    public void Pages_AreAllListed()
    {
        string list = Document.Read("docs/README.md").Text;
        IEnumerable<string> pages = Directory.GetFiles(Path.Combine(Document.Root, "docs"), "*.md")
            .Select(file => Path.GetFileName(file)).Where(name => name != "README.md");

        Assert.All(pages, page => Assert.Contains($"]({page})", list, StringComparison.Ordinal));
    }

    [Fact]
    public void PhasePages_AreListedInOrder_AndLeadToEachOther()
    {
        string[] order =
        [
            .. Regex.Matches(Document.Read("docs/phases.md").Text, @"\]\(phases/([a-z-]+\.md)\)")
                .Select(link => link.Groups[1].Value),
        ];

        Assert.Equal(
            Directory.GetFiles(Path.Combine(Document.Root, "docs", "phases"))
                .Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal),
            order.Order(StringComparer.Ordinal));
        for (int i = 1; i < order.Length; i++)
        {
            Assert.Contains($"]({order[i]}) →", Document.Read($"docs/phases/{order[i - 1]}").Text, StringComparison.Ordinal);
            Assert.Matches($@"← \[[^]]+\]\({order[i - 1]}\)", Document.Read($"docs/phases/{order[i]}").Text);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Tables_HaveAsManyCellsInEveryRow(string path)
    {
        int? cells = null;
        foreach (string line in Document.Read(path).Text.Split('\n'))
        {
            int found = Regex.Count(line, @"(?<!\\)\|");
            cells = line.StartsWith('|') ? cells ?? found : null;
            Assert.True(cells is null || cells == found, line);
        }
    }

    [Fact]
    public void FoldersOfTheReadme_AreThoseOfTheSource()
    {
        string table = Document.Read("README.md").Text.Split("| folder | contents |")[1].Split("\n\n")[0];
        string[] named = [.. Regex.Matches(table, @"`([^`]+)`").Select(name => name.Groups[1].Value)];
        string[] folders =
        [
            .. Directory.GetDirectories(Path.Combine(Document.Root, "src", "Hypercompress"))
                .Select(folder => Path.GetFileName(folder)).Where(name => name is not ("bin" or "obj")),
        ];

        Assert.Equal(folders.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void CommandsOfTheReadme_AreAllOfThem()
    {
        string table = Document.Read("README.md").Text.Split("| command | what it does |")[1].Split("\n\n")[0];
        IEnumerable<string> named = Regex.Matches(table, @"^\|([^|]+)\|", RegexOptions.Multiline)
            .SelectMany(row => Regex.Matches(row.Groups[1].Value, "`([a-z]+)`")).Select(name => name.Groups[1].Value);

        Assert.Equal(
            Root.Subcommands.Select(command => command.Name).Order(StringComparer.Ordinal),
            named.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Hypercompress.Models")]
    [InlineData("Hypercompress")]
    [InlineData("Hypercompress.Server")]
    [InlineData("Hypercompress.Extensions.AI")]
    [InlineData("Hypercompress.Cli")]
    public void DependenciesOfAProject_AreThoseOfItsFile(string project)
    {
        string row = Document.Read("ARCHITECTURE.md").Text.Split('\n')
            .Single(line => line.StartsWith($"| `{project}` | ", StringComparison.Ordinal));
        IEnumerable<string> named = row.Split('|')[^2].Split(',').Select(name => name.Trim());
        string file = File.ReadAllText(Path.Combine(Document.Root, "src", project, $"{project}.csproj"));
        // libtorch, one package for each system, belongs to TorchSharp.
        IEnumerable<string> used = Regex.Matches(file, "PackageReference Include=\"([^\"]+)\"|/([^/]+)\\.csproj\"")
            .Select(reference => reference.Groups[1].Value + reference.Groups[2].Value)
            .Where(name => !name.StartsWith("libtorch", StringComparison.Ordinal));

        Assert.Equal(used.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void MessagesOfTheCatalogue_AreInTheProgram()
    {
        string source = Messages();
        string catalogue = Document.Read("docs/errors.md").Text;
        string[] messages =
        [
            .. Regex.Matches(catalogue, @"^\| `([^`]+)` \|", RegexOptions.Multiline).Select(row => row.Groups[1].Value),
        ];

        Assert.True(messages.Length > 20, $"only {messages.Length} messages were found");
        Assert.All(messages, message => Assert.All(
            message.Split('…').Where(part => part.Trim().Length > 2),
            part => Assert.Contains(part.Trim(), source, StringComparison.Ordinal)));
    }

    private static void AssertRuns(string[] args)
    {
        ParseResult parsed = CommandLine.Parse(Root, args);
        ImmutableArray<string> faults = UsageFaults.Of(parsed);
        Assert.True(faults.IsEmpty, $"{string.Join(' ', args)}: {string.Join("; ", faults)}");
        int set = 0;
        while ((set = Array.IndexOf(args, "--set", set)) >= 0)
        {
            set++;
            new PipelineConfigReader(BranchRegistry.BuiltIn).Parse(
                string.Empty, "document", ConfigOverrides.Parse([args[set]]));
        }
    }

    // The task is read before its documents, which are not there.
    private void AssertIsATask(string code)
    {
        string file = workspace.Write($"task-{Guid.NewGuid():N}.yaml", code);
        string data = Directory.CreateDirectory(workspace.Of($"data-{Guid.NewGuid():N}")).FullName;

        CliResult run = Workspace.Run("evaluate", workspace.Model, "--tasks", file, "--data-dir", data);

        Assert.Contains(data, run.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain(file, run.Messages, StringComparison.Ordinal);
    }

    // The text of the sources with literals that go over several lines put together.
    private static string Messages()
    {
        IEnumerable<string> files = Directory.EnumerateFiles(
            Path.Combine(Document.Root, "src"), "*.cs", SearchOption.AllDirectories);
        string source = string.Join('\n', files.Select(File.ReadAllText));
        string joined = Regex.Replace(source, "\"\\s*\\+\\s*\\$?\"", string.Empty);
        return joined.Replace("\\\"", "\"", StringComparison.Ordinal);
    }

    private static string Squeezed(string code) => Regex.Replace(code, @"\s+", " ").Trim();
}
