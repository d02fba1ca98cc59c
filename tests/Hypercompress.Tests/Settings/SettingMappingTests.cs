using Hypercompress.Models.Errors;
using Hypercompress.Settings;

namespace Hypercompress.Tests.Settings;

public sealed class SettingMappingTests
{
    private static readonly SettingMapping Example = YamlSettings.ReadFile("a: {b: 1, c: 2}\nd: 3\n", "x.yaml");

    [Theory]
    [InlineData("a.b", "1")]
    [InlineData("d", "3")]
    public void Find_FollowsADottedPath(string path, string text) =>
        Assert.Equal(text, Assert.IsType<SettingScalar>(Example.Find(path)).Text);

    [Theory]
    [InlineData("a.x")]
    [InlineData("d.b")]
    [InlineData("x")]
    public void Find_WhatIsNotThere_IsNull(string path) => Assert.Null(Example.Find(path));

    [Fact]
    public void With_ReplacesOneValue_AndKeepsTheOrder()
    {
        SettingMapping changed = Example.With(["a", "b"], Option("9"));

        Assert.Equal(["a", "d"], changed.Members.Select(member => member.Key));
        Assert.Equal("9", ((SettingScalar)changed.Find("a.b")!).Text);
        Assert.Equal("2", ((SettingScalar)changed.Find("a.c")!).Text);
        Assert.Equal("1", ((SettingScalar)Example.Find("a.b")!).Text);
    }

    [Fact]
    public void With_AMissingSection_MakesIt() =>
        Assert.Equal("9", ((SettingScalar)Example.With(["e", "f"], Option("9")).Find("e.f")!).Text);

    [Fact]
    public void With_AKeyBelowAValue_NamesBothPlaces()
    {
        var failure = Assert.Throws<ConfigurationException>(() => Example.With(["d", "f"], Option("9")));

        Assert.Contains("--set", failure.Message, StringComparison.Ordinal);
        Assert.Contains("x.yaml:2", failure.Message, StringComparison.Ordinal);
    }

    private static SettingScalar Option(string text) => new(new SettingOrigin("--set", 0), text, IsQuoted: false);
}
