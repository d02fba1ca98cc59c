namespace Hypercompress.Tests.Architecture;

/// <summary>Every rule of the rooms finds its breach, and nothing that only looks like one.</summary>
public sealed class RoomRulesBreachTests
{
    private static readonly Dictionary<string, string[]> Allowed = new() { ["Upper"] = ["Lower"], ["Lower"] = [] };

    private static readonly SourceFile Upper =
        new("src/P/Upper/U.cs", "namespace P.Upper; public class U { public int Size; }");
    private static readonly SourceFile Lower =
        new("src/P/Lower/L.cs", "namespace P.Lower; public class L { public static int Size; }");

    [Theory]
    [InlineData("src/P/Lower/A.cs", "using P.Upper; namespace P.Lower; class A { U b; }", true)]
    [InlineData("src/P/Lower/A.cs", "namespace P.Lower; class A { P.Upper.U b; }", true)]
    [InlineData("src/P/Lower/A.cs", "namespace P.Lower; class A { string s = $\"{nameof(Upper.U)}\"; }", true)]
    [InlineData(
        "src/P/Lower/A.cs", "namespace P.Lower; /** <summary><see cref=\"Upper.U\"/></summary> */ class A;", true)]
    [InlineData("src/P/Lower/A.cs", "using P.Upper; namespace P.Lower; class A;", false)]
    [InlineData("src/P/Lower/A.cs", "namespace P.Lower; class A { string s = \"P.Upper.U\"; /* P.Upper.U */ }", false)]
    [InlineData("src/P/Lower/A.cs", "namespace P.Lower; class A { int U; int Upper; int B() => U + Upper; }", false)]
    [InlineData("src/P/Upper/A.cs", "namespace P.Upper; class A { Lower.L b; }", false)]
    [InlineData("src/P/Other/A.cs", "namespace P.Other; class A { Lower.L b; }", true)]
    public void Arrows(string path, string text, bool breaks) =>
        Assert.Equal(breaks, RoomRules.Arrows(Graph(new SourceFile(path, text)), Allowed).Any());

    [Theory]
    [InlineData("namespace P.Upper; class A { Lower.L b; }", false)]
    [InlineData("namespace P.Upper; class A { int B() => Lower.L.Size; }", false)]
    [InlineData("namespace P.Upper; class A { string b = \"Lower.L\"; }", true)]
    public void UnusedArrows(string text, bool breaks) =>
        Assert.Equal(breaks, RoomRules.UnusedArrows(Graph(new SourceFile("src/P/Upper/A.cs", text)), Allowed).Any());

    [Theory]
    [InlineData("src/P/Lower/A.cs", "namespace P.Lower; class A { Upper.U b; }", true)]
    [InlineData("src/P/Lower/Deep/A.cs", "namespace P.Lower.Deep; class A { Upper.U b; }", false)]
    [InlineData("src/P/Upper/A.cs", "namespace P.Upper; class A { U b; }", false)]
    public void Cycles(string path, string text, bool breaks)
    {
        FolderGraph graph =
            Graph(new(path, text), new("src/P/Upper/B.cs", "namespace P.Upper; class B { Lower.L b; }"));
        Assert.Equal(breaks, RoomRules.Cycles(graph).Any());
    }

    [Theory]
    [InlineData(25, false)]
    [InlineData(26, true)]
    public void CrowdedFolders(int files, bool breaks) => Assert.Equal(
        breaks,
        RoomRules.CrowdedFolders(
            [.. Enumerable.Range(0, files).Select(n => new SourceFile($"src/P/F{n}.cs", ""))]).Any());

    [Theory]
    [InlineData("src/P/Room/A.cs", "namespace P.Room; class A;", false)]
    [InlineData("src/P/Room/A.cs", "namespace P; class A;", true)]
    [InlineData("src/P/Program.cs", "return 0;", false)]
    public void NamespacesFollowFolders(string path, string text, bool breaks) =>
        Assert.Equal(breaks, RoomRules.NamespacesFollowFolders([new(path, text)]).Any());

    [Theory]
    [InlineData(57, false)]
    [InlineData(58, true)]
    public void LongMethods(int lines, bool breaks)
    {
        string body = string.Concat(Enumerable.Repeat("x++;\n", lines));
        SourceFile file = new("src/P/A.cs", $"class A\n{{\nvoid B()\n{{\n{body}}}\n}}");
        Assert.Equal(breaks, RoomRules.LongMethods([file]).Any());
    }

    [Theory]
    [InlineData(120, false)]
    [InlineData(121, true)]
    public void LongLines(int columns, bool breaks) =>
        Assert.Equal(breaks, RoomRules.LongLines([new("src/P/A.cs", "\n" + new string('x', columns))]).Any());

    private static FolderGraph Graph(params SourceFile[] more) => FolderGraph.Of([Upper, Lower, .. more], "src/P");
}
