using Hypercompress.Models.Errors;
using Hypercompress.Models.Hub;

namespace Hypercompress.Models.Tests.Hub;

public sealed class HubModelIdTests
{
    [Theory]
    [InlineData("owner/name", "owner", "name", "main")]
    [InlineData("HuggingFaceTB/SmolLM2-135M", "HuggingFaceTB", "SmolLM2-135M", "main")]
    [InlineData("o/n.1_x@v1.0", "o", "n.1_x", "v1.0")]
    [InlineData("o/n@refs/pr/3", "o", "n", "refs/pr/3")]
    public void TryParse_Name_IsTakenApart(string text, string owner, string name, string revision)
    {
        HubModelId id = HubModelId.TryParse(text)!;
        Assert.Equal((owner, name, revision), (id.Owner, id.Name, id.Revision));
        Assert.Equal(text, id.ToString());
    }

    [Theory]
    [InlineData("name")]
    [InlineData("./name")]
    [InlineData("/abs/path")]
    [InlineData("a/b/c")]
    [InlineData("a/..")]
    [InlineData("a/b@../c")]
    [InlineData("a/b@")]
    [InlineData("a--b/c")]
    [InlineData("a/b c")]
    [InlineData("ä/b")]
    [InlineData("a\\b")]
    [InlineData("a/b@x//y")]
    [InlineData("")]
    public void TryParse_AnythingElse_IsNoName(string text) => Assert.Null(HubModelId.TryParse(text));

    [Fact]
    public void FromEnvironment_HeedsTheVariablesOfTheHubsTools()
    {
        HubSettings Read(params (string Name, string Value)[] variables) =>
            HubSettings.FromEnvironment(name => variables.FirstOrDefault(pair => pair.Name == name).Value);

        HubSettings plain = Read();
        Assert.EndsWith(Path.Combine(".cache", "huggingface", "hub"), plain.CacheFolder, StringComparison.Ordinal);
        Assert.Equal((null, false), (plain.Token, plain.Offline));
        Assert.Equal(Path.Combine("h", "hub"), Read(("HF_HOME", "h"), ("XDG_CACHE_HOME", "x")).CacheFolder);
        Assert.Equal(Path.Combine("x", "huggingface", "hub"), Read(("XDG_CACHE_HOME", "x")).CacheFolder);
        Assert.Equal("c", Read(("HF_HUB_CACHE", "c"), ("HF_HOME", "h")).CacheFolder);
        HubSettings full = Read(("HF_TOKEN", " secret "), ("HF_HUB_OFFLINE", "True"), ("HF_ENDPOINT", "http://h:1/x"));
        Assert.Equal(("secret", true, "http://h:1/x"), (full.Token, full.Offline, full.Endpoint.ToString()));
        Assert.DoesNotContain("secret", full.ToString(), StringComparison.Ordinal);
        var error = Assert.Throws<ConfigurationException>(() => Read(("HF_ENDPOINT", "ftp://h")));
        Assert.Contains("HF_ENDPOINT", error.Message, StringComparison.Ordinal);
    }
}
