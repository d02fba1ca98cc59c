namespace Hypercompress.Tests.Architecture;

/// <summary>Every rule finds what breaks it, and lets pass what only looks like it.</summary>
public sealed class HouseRulesBreachTests
{
    private static readonly SourceFile Doubled =
        new("SampleOptions.cs", "int Rank { get; init; } int Twice(int x) => 2 * Rank;");

    [Theory]
    [InlineData("src/Hypercompress.Models/A.cs", "using Hypercompress.Planning;", true)]
    [InlineData("src/Hypercompress.Models/A.cs", "using Hypercompress.Models.Errors;", false)]
    [InlineData("src/Hypercompress/A.cs", "using Hypercompress.Cli;", true)]
    [InlineData("src/Hypercompress.Cli/A.cs", "using Hypercompress.Planning; namespace Hypercompress.Cli;", false)]
    public void ProjectArrows(string path, string text, bool breaks) =>
        Assert.Equal(breaks, HouseRules.ProjectArrows([new(path, text)]).Any());

    [Theory]
    [InlineData("Branches/One/Thing.cs", "using Hypercompress.Branches.Two;", true)]
    [InlineData("Planning/Thing.cs", "using Hypercompress.Branches.Two;", true)]
    [InlineData("Branches/BranchRegistry.cs", "using Hypercompress.Branches.Two;", false)]
    [InlineData("Branches/Two/Thing.cs", "using Hypercompress.Branches.Two;", false)]
    [InlineData("Branches/One/Thing.cs", "using Hypercompress.Branches.Solvers;", false)]
    public void BranchesAreAlone(string path, string text, bool breaks)
    {
        SourceFile[] files =
        [
            new($"src/Hypercompress/{path}", text),
            new("src/Hypercompress/Branches/Two/TwoBranch.cs", "class TwoBranch;"),
            new("src/Hypercompress/Branches/Solvers/Solver.cs", "class Solver;"),
        ];
        Assert.Equal(breaks, HouseRules.BranchesAreAlone(files).Any());
    }

    [Theory]
    [InlineData("A.cs", "class A { } class B { }", true)]
    [InlineData("A.cs", "class B { }", true)]
    [InlineData("A.cs", "// empty", true)]
    [InlineData("A.cs", "record struct A(int X); enum B { One }", true)]
    [InlineData("A.cs", "class A { } delegate void B();", true)]
    [InlineData("A.cs", "class A<T> where T : class { class Inner { } }", false)]
    [InlineData("A.cs", "record struct A(int X);", false)]
    [InlineData("A.Part.cs", "partial class A { }", false)]
    [InlineData("A.cs", "delegate Task<int> A(int x);", false)]
    [InlineData("A.cs", "class A { string s = \"class B { }\"; /* class C */ }", false)]
    [InlineData("Program.cs", "return 0;", false)]
    public void OneTypePerFile(string path, string text, bool breaks) =>
        Assert.Equal(breaks, HouseRules.OneTypePerFile([new(path, text)]).Any());

    [Theory]
    [InlineData("src/A/B.cs", "class TensorUtils;", true)]
    [InlineData("src/Helpers/B.cs", "class B;", true)]
    [InlineData("src/A/B.cs", "class CacheManager;", true)]
    [InlineData("src/A/B.cs", "class ArtifactManager;", false)]
    public void NamesAreTelling(string path, string text, bool breaks) =>
        Assert.Equal(breaks, HouseRules.NamesAreTelling([new(path, text)]).Any());

    [Theory]
    [InlineData("var x = randn(2, Size(3));", true)]
    [InlineData("var x = torch.randperm(n);", true)]
    [InlineData("var x = randn([2, Size(3)], generator: _generator);", false)]
    [InlineData("var x = pairs.rand(2);", false)]
    public void RandomTensorsNameTheirGenerator(string text, bool breaks) =>
        Assert.Equal(breaks, HouseRules.RandomTensorsNameTheirGenerator([new("src/A.cs", text)]).Any());

    [Theory]
    [InlineData("src/Hypercompress/Analysis/A.cs", "var x = zeros(3, dtype: Float64);", true)]
    [InlineData("src/Hypercompress/Analysis/A.cs", "var x = torch.eye(3) * 2;", true)]
    [InlineData("src/Hypercompress/Analysis/A.cs", "var x = zeros(3, device: y.device);", false)]
    [InlineData("src/Hypercompress/Analysis/A.cs", "var x = tensor(ids).view(2, 2).to(model.Device);", false)]
    [InlineData("src/Hypercompress/Analysis/A.cs", "var x = y.zeros(3);", false)]
    [InlineData("src/Hypercompress/Training/HeldOutText.cs", "var x = tensor(ids);", false)]
    [InlineData("src/Hypercompress/Branches/A.cs", "var x = zeros(3);", false)]
    public void TensorsNameTheirDevice(string path, string text, bool breaks) =>
        Assert.Equal(breaks, HouseRules.TensorsNameTheirDevice([new(path, text)]).Any());

    [Theory]
    [InlineData("src/Hypercompress/Pipeline/A.cs", "slot.Exchange(matrix);", true)]
    [InlineData("src/Hypercompress/Pipeline/A.cs", "model.WithMatrices(x);", true)]
    [InlineData("src/Hypercompress/Surgery/A.cs", "slot.Exchange(matrix);", false)]
    [InlineData(
        "src/Hypercompress.Models/Transformer/A.cs", "public WeightMatrix Exchange(WeightMatrix matrix) { }", false)]
    public void OnlySurgeryExchangesMatrices(string path, string text, bool breaks) =>
        Assert.Equal(breaks, HouseRules.OnlySurgeryExchangesMatrices([new(path, text)]).Any());

    [Theory]
    [InlineData("src/Hypercompress/Distillation/A.cs", "loss.backward();", true)]
    [InlineData("src/Hypercompress/Distillation/A.cs", "class A : ITrainingObjective { x.backward(); }", false)]
    [InlineData("src/Hypercompress/Distillation/A.cs", "class A : ITrainingObjective { x.optim.Adam(); }", true)]
    [InlineData("src/Hypercompress/Analysis/A.cs", "loss.backward();", false)]
    [InlineData("src/Hypercompress/Analysis/A.cs", "torch.optim.AdamW(p);", true)]
    [InlineData("src/Hypercompress/Training/A.cs", "torch.optim.AdamW(p);", false)]
    public void OnlyTrainingChangesWeights(string path, string text, bool breaks) =>
        Assert.Equal(breaks, HouseRules.OnlyTrainingChangesWeights([new(path, text)]).Any());

    [Theory]
    [InlineData("A.cs", "int x = options.Rank;", false)]
    [InlineData("A.cs", "int x = config.Targets.Rank;", false)]
    [InlineData("A.cs", "int x = _options?.Rank ?? 1;", false)]
    [InlineData("A.cs", "int x = options.RankLimit;", true)]
    [InlineData("A.cs", "int x = matrix.Rank;", true)]
    [InlineData("A.cs", "// options.Rank", true)]
    [InlineData("SampleOptions.cs", "int x = options.Rank;", true)]
    [InlineData("A.cs", "int x = options.Twice(1);", false)]
    public void OptionsAreRead(string path, string text, bool breaks) => Assert.Equal(
        breaks, HouseRules.OptionsAreRead([new(path, text), Doubled], "SampleOptions", ["Rank"], "Targets").Any());

    [Theory]
    [InlineData("// TODO later", true)]
    [InlineData("throw new NotImplementedException();", true)]
    [InlineData("// nothing to do", false)]
    public void NothingUnfinished(string text, bool breaks) =>
        Assert.Equal(breaks, HouseRules.NothingUnfinished([new("A.cs", text)]).Any());

    [Theory]
    [InlineData("var p = \"/home/someone/x\";", true)]
    [InlineData("// see /work/data", true)]
    [InlineData("var p = @\"C:\\Users\\me\";", true)]
    [InlineData("// https://example.org/home/page", false)]
    [InlineData("var p = \"src/work/x\";", false)]
    public void NoMachinePaths(string text, bool breaks) =>
        Assert.Equal(breaks, HouseRules.NoMachinePaths([new("A.cs", text)]).Any());

    [Theory]
    [InlineData("a /* b */ c // d\ne", "a  c \ne")]
    [InlineData("x(\"a // b\", y)", "x(\"\", y)")]
    [InlineData("x(@\"a\"\"b\\\", y)", "x(\"\", y)")]
    [InlineData("x($\"a {b(\"c\")} {{d}}\", y)", "x(\"\"(b(\"\")), y)")]
    [InlineData("x(\"\"\"a \"b\" c\"\"\", y)", "x(\"\", y)")]
    [InlineData("x($$\"\"\"a {b} {{c}}\"\"\", y)", "x(\"\"(c), y)")]
    [InlineData("x('\"', '\\'', y)", "x(' ', ' ', y)")]
    [InlineData("x(\"a\\\"b\", \"\", y)", "x(\"\", \"\", y)")]
    public void OnlyCode(string text, string code) => Assert.Equal(code, CSharpText.OnlyCode(text));
}
