using System.Reflection;
using Hypercompress.Branches.Registry;
using Hypercompress.Configuration;

namespace Hypercompress.Tests.Architecture;

public sealed class HouseRulesTests
{
    private static readonly IReadOnlyList<SourceFile> Sources = SourceTree.Sources;

    public static TheoryData<Type> OptionTypes =>
    [
        .. typeof(PipelineConfig).Assembly.GetTypes().Where(type => type is { IsClass: true, IsNested: false }
            && type.Name.EndsWith("Options", StringComparison.Ordinal)),
    ];

    [Fact]
    public void Projects_UseOnlyProjectsBelow() => Assert.Empty(HouseRules.ProjectArrows(Sources));

    [Fact]
    public void Branches_UseNoOtherBranch() => Assert.Empty(HouseRules.BranchesAreAlone(Sources));

    [Fact]
    public void Files_HoldOneTypeOfTheirName() => Assert.Empty(HouseRules.OneTypePerFile(Sources));

    [Fact]
    public void Names_AreTelling() => Assert.Empty(HouseRules.NamesAreTelling(Sources));

    [Fact]
    public void RandomTensors_NameTheirGenerator() => Assert.Empty(HouseRules.RandomTensorsNameTheirGenerator(Sources));

    [Fact]
    public void Tensors_NameTheirDevice() => Assert.Empty(HouseRules.TensorsNameTheirDevice(Sources));

    [Fact]
    public void Matrices_AreExchangedBySurgeryAlone() => Assert.Empty(HouseRules.OnlySurgeryExchangesMatrices(Sources));

    [Fact]
    public void Weights_AreChangedByTrainingAlone() => Assert.Empty(HouseRules.OnlyTrainingChangesWeights(Sources));

    [Fact]
    public void Sources_AreFinished() => Assert.Empty(HouseRules.NothingUnfinished(Sources));

    [Fact]
    public void Sources_NameNoMachine() =>
        Assert.Empty(HouseRules.NoMachinePaths([.. Sources, .. SourceTree.Read("configs", "*.yaml")]));

    [Theory]
    [MemberData(nameof(OptionTypes))]
    public void Options_AreReadOutsideTheirFile(Type options)
    {
        string? section = typeof(PipelineConfig).GetProperties()
            .FirstOrDefault(property => property.PropertyType == options)?.Name;
        Assert.SkipWhen(
            options.Namespace == typeof(PipelineConfig).Namespace
                && !Sources.Any(file => file.IsIn("src/Hypercompress/Pipeline")),
            "the pipeline, which reads this section, is not part of this tree");
        IEnumerable<string> properties = options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is not null)
            .Select(property => property.Name);
        Assert.Empty(HouseRules.OptionsAreRead(Sources, options.Name, properties, section ?? options.Name));
    }

    [Fact]
    public void BranchNames_StandNowhereButInTheirBranches()
    {
        // The registry's names are short words; quoted, they may stand in their own branch only.
        string[] names = [.. BranchRegistry.BuiltIn.Select(branch => $"\"{branch.Name}\"")];
        string[] breaches =
        [
            .. from file in Sources
               where file.IsIn("src/Hypercompress") && !file.IsIn("src/Hypercompress/Branches")
               from name in names
               where WithoutComments(file).Contains(name, StringComparison.Ordinal)
               select $"{file.Path} names {name}",
        ];
        Assert.Empty(breaches);
    }

    private static string WithoutComments(SourceFile file) => string.Join(
        '\n', file.Text.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));
}
