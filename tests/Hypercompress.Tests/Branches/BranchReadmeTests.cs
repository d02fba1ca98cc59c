using System.Text.RegularExpressions;
using Hypercompress.Branches.Registry;
using Hypercompress.Settings;
using Hypercompress.Tests.Architecture;

namespace Hypercompress.Tests.Branches;

/// <summary>The page of each branch lists the options that the branch has, and no others.</summary>
public sealed class BranchReadmeTests
{
    public static TheoryData<string> Names => [.. BranchRegistry.BuiltIn.Select(branch => branch.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Readme_ListsTheOptionsOfItsBranch(string name)
    {
        Type options = new BranchRegistry().Find(name).OptionsType;
        string folder = options.Namespace!.Split('.')[^1];
        SourceFile page = Assert.Single(SourceTree.Read($"src/Hypercompress/Branches/{folder}", "README.md"));
        string[] keys =
        [
            .. options.GetProperties().Where(property => property.SetMethod is not null)
                .Select(property => SettingNames.Spell(property.Name)),
        ];

        string table =
            Regex.Match(page.Text, @"\| key \| meaning \|\n\|---\|---\|\n(?<rows>(?:\|.*\n)+)").Groups["rows"].Value;
        IEnumerable<string> listed = Regex.Matches(table, @"^\| `(?<key>\w+)` \|", RegexOptions.Multiline)
            .Select(match => match.Groups["key"].Value);

        Assert.Contains($"`branches.{name}`", page.Text, StringComparison.Ordinal);
        Assert.Equal(keys.Order(), listed.Order());
    }
}
