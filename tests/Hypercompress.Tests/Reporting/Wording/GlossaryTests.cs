using Hypercompress.NumberFormats.Blocks;
using Hypercompress.Reporting.Wording;

namespace Hypercompress.Tests.Reporting.Wording;

public sealed class GlossaryTests
{
    [Theory]
    [InlineData("q8_0", "8.5 bits/weight: 255 levels, a scale for each 32 weights")]
    [InlineData("q4_k", "4.5 bits/weight: 16 levels, scale and minimum for each 32 weights")]
    [InlineData("iq4_xs", "4.25 bits/weight: 16 uneven levels, a scale for each 32 weights")]
    [InlineData("iq3_s", "3.4375 bits/weight: groups from a list, a scale for each 32 weights")]
    [InlineData("tq1_0", "1.6875 bits/weight: 3 levels, a scale for each 256 weights")]
    public void For_ABlockType_SaysWhatItStores(string name, string meaning) =>
        Assert.Contains(KeyValuePair.Create(name, meaning), Glossary.For([name, "bf16"]));

    [Fact]
    public void For_EveryBlockType_FitsATerminal() => Assert.All(
        BlockFormat.All, format => Assert.InRange(format.Summary.Length, 40, 67));

    [Fact]
    public void For_WhatIsNotUsed_IsLeftOut()
    {
        string[] coded = [.. Glossary.For(["ec3.25", "64"]).Select(entry => entry.Key)];
        string[] blocks = [.. Glossary.ForForms(["dense q6_k", "low-rank rank 8 f16"]).Select(entry => entry.Key)];

        Assert.Equal(["nats/token", "bits/weight", "site", "ec3.5", "ef3.5", "es3.5", "f16, bf16", "rank"], coded);
        Assert.Equal(["nats/token", "bits/weight", "site", "q6_k", "f16, bf16", "rank"], blocks);
        Assert.Contains("int8-g64", Glossary.For(["uint4z-g32"]).Select(entry => entry.Key));
    }
}
