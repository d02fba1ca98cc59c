using Hypercompress.Models.Errors;
using Hypercompress.Planning;
using Hypercompress.Planning.Files;
using Hypercompress.Planning.Offers;
using Hypercompress.Sites;
using Hypercompress.Tests.Settings;

namespace Hypercompress.Tests.Planning.Files;

public sealed class PlanJsonTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"plan-{Guid.NewGuid():N}.json");

    private static CompressionPlan Example { get; } = new BudgetPlanner().PlanFixed(MadeUpOffers.Request(
        2,
        MadeUpOffers.At(0, 100, MadeUpOffers.Make("a", 20, 0.1, combines: true), MadeUpOffers.Make(
            "b", 30, 1.0 / 3, combines: true)),
        MadeUpOffers.At(1, 100)));

    private static Site[] Model => [.. Example.Sites.Select(site => site.Site)];

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Load_WhatWasSaved_IsTheSamePlan()
    {
        PlanJson.Save(Example, _path);

        CompressionPlan read = PlanJson.Load(_path, Model);

        Assert.Equal(PlanJson.Write(Example), PlanJson.Write(read));
        Assert.Equal(Example.Sites[0].PredictedError, read.Sites[0].PredictedError);
        Assert.Equal("30", read.Sites[0].Offers[1].Setting["size"]);
        Assert.Equal(Example.Sites.Select(site => site.Site), read.Sites.Select(site => site.Site));
    }

    [Theory]
    [InlineData("\"branch\": \"a\",", "\"branch\": \"a\", \"rnak\": 3,", "the key 'rnak' is unknown")]
    [InlineData("\"asked_ratio\": 2,", "", "$: lacks 'asked_ratio'")]
    [InlineData("\"asked_ratio\": 2,", "\"asked_ratio\": \"two\",", "$.asked_ratio")]
    [InlineData("\"asked_ratio\": 2,", "\"asked_ratio\": -2,", "$.asked_ratio")]
    [InlineData("\"version\": 1,", "\"version\": 9,", "$.version")]
    [InlineData("\"kind\": \"linear\",", "\"kind\": \"round\",", "$.sites[0].kind")]
    [InlineData("\"setting\": {", "\"setting\": null, \"x\": {", "setting")]
    [InlineData("\"bytes\": 20,", "\"bytes\": 21,", "$.sites[0].bytes: is 50, its offers take 51")]
    [InlineData("\"branch\": \"b\",", "\"branch\": \"a\",", "two offers of one branch")]
    [InlineData(
        "\"rows\": 8,",
        "\"rows\": 9,",
        "$.sites[0]: the plan is for another model: it has model.layers.0.mlp.up_proj (Linear, layer 0, [9, 8]) where")]
    [InlineData("\"sites\": [", "\"sites\": [ null,", "$.sites[0]: is null")]
    [InlineData("{", "", "$")]
    [InlineData("\"asked_ratio\": 2,", "\"asked_ratio\": 1e999,", "$.asked_ratio: is")]
    [InlineData(
        "\"teacher_bytes\": 200,",
        "\"teacher_bytes\": 9223372036854775807,",
        "$.teacher_bytes: is 9223372036854775807")]
    [InlineData("\"bytes\": 20,", "\"bytes\": 9223372036854775807,", "$.sites[0].offers[0].bytes")]
    [InlineData("\"predicted_error\": 0.1,", "\"predicted_error\": 1e999,", "$.sites[0].offers[0].predicted_error")]
    public void Load_BrokenFile_NamesFileAndKey(string intact, string broken, string named)
    {
        string text = PlanJson.Write(Example);
        int at = text.IndexOf(intact, StringComparison.Ordinal);
        File.WriteAllText(_path, text[..at] + broken + text[(at + intact.Length)..]);

        var failure = Assert.Throws<CheckpointException>(() => PlanJson.Load(_path, Model));

        Assert.StartsWith(_path, failure.Message, StringComparison.Ordinal);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Hypercompress.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ModelWithAnotherSite_NamesTheFirstDifference()
    {
        PlanJson.Save(Example, _path);

        var failure = Assert.Throws<CheckpointException>(() => PlanJson.Load(_path, [.. Model, MadeUpOffers.Site(2)]));

        Assert.Contains(
            "it has nothing where the model has model.layers.2.mlp.up_proj", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AnyMutation_IsAPlanOrAnInputError() => Mutation.AssertTyped(
        PlanJson.Write(Example),
        _path,
        path => PlanRefreshed(PlanJson.Load(path, Model)),
        typeof(CheckpointException),
        typeof(ConfigurationException));

    // What a run does with a plan that it has read.
    private static void PlanRefreshed(CompressionPlan plan) => PlanRefresh.Apply(
        plan,
        [
            MadeUpOffers.At(
                0, 100, MadeUpOffers.Make("a", 20, 0.1, combines: true), MadeUpOffers.Make(
                    "b", 30, 1.0 / 3, combines: true)),
            MadeUpOffers.At(1, 100),
        ],
        [],
        CombinationRule.Joint);

    [Fact]
    public void Load_MissingFile_Throws() =>
        Assert.Throws<CheckpointException>(() => PlanJson.Load(_path, Model));
}
