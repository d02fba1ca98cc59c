using Hypercompress.Branches;
using Hypercompress.Branches.LowRank;
using Hypercompress.Branches.Quantization;
using Hypercompress.Branches.Registry;
using Hypercompress.Models.Errors;

namespace Hypercompress.Tests.Branches.Registry;

public sealed class BranchRegistryTests
{
    [Fact]
    public void BuiltIn_Branches_StandInRunningOrder()
    {
        Assert.Equal(
            ["blt", "lra", "kv", "sparsity", "quantization"], BranchRegistry.BuiltIn.Select(known => known.Name));
        Assert.All(BranchRegistry.BuiltIn, known =>
        {
            CompressionBranch branch = known.Create(known.Defaults(), new BranchSettings());
            Assert.Equal(known.Name, branch.Name);
            Assert.Equal(known.OptionsType, known.Defaults().GetType());
            Assert.True(known.Defaults().Enabled);
            Assert.NotEmpty(branch.Source);
        });
    }

    [Fact]
    public void Find_UnknownName_ListsTheKnownOnes()
    {
        var error = Assert.Throws<ConfigurationException>(() => new BranchRegistry().Find("lowrank"));
        Assert.Contains("'lowrank'", error.Message, StringComparison.Ordinal);
        Assert.Contains("blt, lra, kv, sparsity, quantization", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_OptionsOfAnotherBranch_Throws() => Assert.Throws<ConfigurationException>(
        () => new BranchRegistry().Create("lra", new QuantizationOptions(), new BranchSettings()));

    [Fact]
    public void With_ANewBranch_LeavesTheOldRegistryAlone()
    {
        var registry = new BranchRegistry();
        BranchRegistration mine = BranchRegistration.For<LowRankOptions>("mine", (o, s) => new LowRankBranch(o, s));
        Assert.Equal("mine", registry.With(mine).Registrations[^1].Name);
        Assert.Equal(5, registry.Registrations.Length);
        Assert.Throws<ArgumentException>(() => registry.With(mine).With(mine));
        Assert.NotNull(registry.With(mine).CreateCatalog());
    }
}
