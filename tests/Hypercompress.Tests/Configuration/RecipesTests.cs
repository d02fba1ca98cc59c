using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Hypercompress.Branches.ByteLatent;
using Hypercompress.Branches.KvCache;
using Hypercompress.Branches.LowRank;
using Hypercompress.Branches.Registry;
using Hypercompress.Branches.Sparsity;
using Hypercompress.Configuration;
using Hypercompress.Settings;
using Hypercompress.TestKit;
using YamlDotNet.RepresentationModel;

namespace Hypercompress.Tests.Configuration;

public sealed class RecipesTests
{
    private static readonly PipelineConfigReader Reader = new(BranchRegistry.BuiltIn);

    public static TheoryData<string> Recipes =>
        [.. Directory.GetFiles(Folder(), "*.yaml").Select(file => Path.GetFileName(file))];

    public static TheoryData<Type> OptionTypes =>
    [
        .. BranchRegistry.BuiltIn.Select(branch => branch.OptionsType),
        .. typeof(PipelineConfig).GetProperties().Select(property => property.PropertyType)
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal)),
    ];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Recipe_WrittenAndReadAgain_IsTheSame(string name)
    {
        string written = PipelineConfigWriter.Write(Read(name));
        Assert.Equal(written, PipelineConfigWriter.Write(Reader.Parse(written, "written.yaml")));
    }

    [Fact]
    public void DefaultRecipe_HasEveryKeyWithItsDefault()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Path.Combine(Folder(), "default.yaml"))));
        Assert.Equal(Reader.Keys.Order(), Leaves(yaml.Documents[0].RootNode, string.Empty).Order());
        Assert.Equal(PipelineConfigWriter.Write(Reader.Defaults), PipelineConfigWriter.Write(Read("default.yaml")));
    }

    [Fact]
    public void MissionSample_IsReadAsItStands()
    {
        PipelineConfig config = Read("mission-sample.yaml");
        Assert.Equal("hybrid", config.Mode);
        Assert.Equal((1000, 0.01), (config.Targets.CompressionRatio, config.Targets.MaxRankFraction));
        Assert.Equal(new LowRankOptions { Rank = 8, EnableStructural = true }, config.Branches["lra"]);
        Assert.Equal(new KvCacheOptions { CacheTokens = 16 }, config.Branches["kv"]);
        Assert.Equal(new ByteLatentOptions { EmbeddingReduction = 0.95, LatentDim = 32 }, config.Branches["blt"]);
        Assert.Equal(new SparsityOptions { TargetSparsity = 0.99 }, config.Branches["sparsity"]);
        Assert.True(config.Uses("quantization"));
    }

    [Fact]
    public void LowRankOnly_UsesOneBranch()
    {
        PipelineConfig config = Read("low-rank-only.yaml");
        Assert.Equal(["lra"], BranchRegistry.BuiltIn.Select(branch => branch.Name).Where(config.Uses));
    }

    [Theory]
    [MemberData(nameof(OptionTypes))]
    public void Defaults_KeepTheirOwnRanges(Type options)
    {
        object defaults = Activator.CreateInstance(options)!;
        foreach (PropertyInfo property in options.GetProperties())
        {
            foreach (RangeAttribute range in property.GetCustomAttributes<RangeAttribute>())
            {
                object? value = property.GetValue(defaults);
                IEnumerable<object?> values =
                    value is System.Collections.IEnumerable list ? list.Cast<object?>() : [value];
                Assert.All(values, one => Assert.True(
                    range.IsValid(one is ByteSize size ? (double)size.Bytes : one),
                    $"{options.Name}.{property.Name} = {one}"));
            }
        }
    }

    private static PipelineConfig Read(string name) => Reader.Read(Path.Combine(Folder(), name));

    private static IEnumerable<string> Leaves(YamlNode node, string path) => node is YamlMappingNode mapping
        ? mapping.Children.SelectMany(
            pair => Leaves(pair.Value, path.Length == 0 ? $"{pair.Key}" : $"{path}.{pair.Key}"))
        : [path];

    private static string Folder() => RepositoryFiles.PathOf("configs");
}
