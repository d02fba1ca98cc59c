using System.Collections.Immutable;
using Hypercompress.Forms;
using Hypercompress.Reporting;

namespace Hypercompress.Tests.Reporting;

public sealed class SiteReportTests
{
    [Fact]
    public void Describe_SumOfForms_NamesEachPart()
    {
        var low = Form("low-rank", ("rank", 64), "int4-g64");
        var sparse = Form("sparse", ("nonzeros", 900), "f16");
        FormDescription sum = Form("sum") with { Parts = [low, sparse] };
        Assert.Equal("low-rank rank 64 int4-g64 + sparse nonzeros 900 f16", SiteReport.Describe(sum));
        Assert.Equal("dense", SiteReport.Describe(Form("dense")));
    }

    private static FormDescription Form(
        string kind, (string Key, long Value)? number = null, string? format = null) => new(
        kind,
        2,
        2,
        number is { } pair
            ? ImmutableSortedDictionary<string, long>.Empty.Add(pair.Key, pair.Value)
            : ImmutableSortedDictionary<string, long>.Empty,
        format is null ? ImmutableSortedDictionary<string, string>.Empty
            : ImmutableSortedDictionary<string, string>.Empty.Add("left", format).Add("right", format),
        []);
}
