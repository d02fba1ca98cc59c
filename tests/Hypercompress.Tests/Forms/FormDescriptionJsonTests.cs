using System.Text.Json.Nodes;
using Hypercompress.Forms;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Registry;

namespace Hypercompress.Tests.Forms;

public sealed class FormDescriptionJsonTests
{
    private const string Dense = """{"kind":"dense","rows":2,"columns":3,"formats":{"values":"f16"}}""";

    private const string LowRank =
        """{"kind":"low-rank","rows":2,"columns":3,"numbers":{"rank":1},"formats":{"down":"f16","up":"int8-g64"}}""";

    private const string Sum = """{"kind":"sum","rows":2,"columns":3,"parts":[""" + Dense + "," + LowRank + "]}";

    [Theory]
    [InlineData(Dense)]
    [InlineData(Sum)]
    public void Read_WhatWriteWrote_IsTheSame(string json)
    {
        var description = FormDescriptionJson.Read(JsonNode.Parse(json), "config.json", "site");

        Assert.Equal(json, FormDescriptionJson.Write(description).ToJsonString());
    }

    [Fact]
    public void Write_ADescribedForm_HasItsNumbersAndFormats()
    {
        using var up = TorchSharp.torch.ones(2, 1);
        using var down = TorchSharp.torch.ones(1, 3);
        using var form = LowRankForm.From(
            up, down, NumberFormatRegistry.Standard.Parse("int8-g64"), FloatFormat.Float16);

        string written = FormDescriptionJson.Write(form.Describe()).ToJsonString();

        Assert.Equal(LowRank, written);
    }

    [Theory]
    [InlineData("""null""", "object")]
    [InlineData("""[]""", "object")]
    [InlineData("""{"rows":2,"columns":3}""", "'kind'")]
    [InlineData("""{"kind":7,"rows":2,"columns":3}""", "'kind'")]
    [InlineData("""{"kind":"","rows":2,"columns":3}""", "'kind'")]
    [InlineData("""{"kind":"dense","rows":-2,"columns":3}""", "'rows'")]
    [InlineData("""{"kind":"dense","rows":2,"columns":0}""", "'columns'")]
    [InlineData("""{"kind":"dense","rows":2,"columns":9000000000}""", "'columns'")]
    [InlineData("""{"kind":"dense","rows":2.5,"columns":3}""", "'rows'")]
    [InlineData("""{"kind":"dense","rows":"2","columns":3}""", "'rows'")]
    [InlineData("""{"kind":"dense","rows":2,"columns":3,"rank":4}""", "'rank'")]
    [InlineData("""{"kind":"dense","rows":2,"rows":2,"columns":3}""", "rows")]
    [InlineData("""{"kind":"dense","rows":2,"columns":3,"numbers":{"rank":-4}}""", "'numbers.rank'")]
    [InlineData("""{"kind":"dense","rows":2,"columns":3,"numbers":[]}""", "numbers")]
    [InlineData("""{"kind":"dense","rows":2,"columns":3,"numbers":null}""", "numbers")]
    [InlineData("""{"kind":"dense","rows":2,"columns":3,"formats":{"up":4}}""", "'formats.up'")]
    [InlineData("""{"kind":"sum","rows":2,"columns":3,"parts":{}}""", "'parts'")]
    [InlineData("""{"kind":"sum","rows":2,"columns":3,"parts":[3]}""", "q_proj.0")]
    public void Read_Malformed_NamesFileSiteAndKey(string json, string part)
    {
        var thrown = Assert.Throws<CheckpointException>(
            () => FormDescriptionJson.Read(JsonNode.Parse(json), "config.json", "q_proj"));

        Assert.StartsWith("config.json: ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("q_proj", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(part, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NestedTooDeepOrTooManyParts_Throws()
    {
        string deep = Dense;
        for (int i = 0; i < 8; i++)
        {
            deep = """{"kind":"sum","rows":2,"columns":3,"parts":[""" + deep + "]}";
        }

        string wide = """{"kind":"sum","rows":2,"columns":3,"parts":["""
            + string.Join(",", Enumerable.Repeat(Dense, 65)) + "]}";

        Assert.Throws<CheckpointException>(() => FormDescriptionJson.Read(JsonNode.Parse(deep), "f", "s"));
        Assert.Throws<CheckpointException>(() => FormDescriptionJson.Read(JsonNode.Parse(wide), "f", "s"));
    }
}
