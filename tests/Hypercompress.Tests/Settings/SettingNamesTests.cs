using System.Collections.Immutable;
using Hypercompress.Phases;
using Hypercompress.Planning;
using Hypercompress.Settings;

namespace Hypercompress.Tests.Settings;

public sealed class SettingNamesTests
{
    [Theory]
    [InlineData("MaxRam", "max_ram")]
    [InlineData("Seed", "seed")]
    [InlineData("MaxKvBytesPerToken", "max_kv_bytes_per_token")]
    public void Spell_IsSnakeCase(string name, string key) => Assert.Equal(key, SettingNames.Spell(name));

    [Fact]
    public void Of_HasThePropertiesThatCanBeSet_InTheirOrder() => Assert.Equal(
        ["device", "threads", "seed", "max_ram"], SettingNames.Of(typeof(RuntimeOptions)).Select(pair => pair.Key));

    [Theory]
    [InlineData(typeof(PlannerOptions), true)]
    [InlineData(typeof(string), false)]
    [InlineData(typeof(ByteSize), false)]
    [InlineData(typeof(ImmutableArray<string>), false)]
    public void IsSection_HoldsForRecordsOfOptions(Type type, bool expected) =>
        Assert.Equal(expected, SettingNames.IsSection(type));

    [Fact]
    public void ItemType_IsThatOfAnImmutableArray()
    {
        Assert.Equal(typeof(int), SettingNames.ItemType(typeof(ImmutableArray<int>)));
        Assert.Null(SettingNames.ItemType(typeof(int[])));
    }
}
