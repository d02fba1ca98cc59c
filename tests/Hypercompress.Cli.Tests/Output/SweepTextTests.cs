using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Cli.Output;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;

namespace Hypercompress.Cli.Tests.Output;

public sealed class SweepTextTests
{
    [Theory]
    [InlineData("en-US")]
    [InlineData("de-DE")]
    public void Write_HasARowForEachPlanAndALineForEachRefusal(string culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            string[] lines = Write(
                MadeUpForecast.Make(limit: new RateLimit(3.5, 3.25, 0.125, 0.0625)),
                MadeUpForecast.Make(isSensible: false));

            Assert.Equal(
                [
                    "teacher: 4.0 MB, perplexity 16.50; predicted:",
                    "  ratio      bytes   bits/weight   limit   perplexity         low to high",
                    "   4.00     1.0 MB         3.500   3.250        18.25    17.50 to 1234.50",
                    "   4.00     1.0 MB                              18.25    17.50 to 1234.50  "
                        + "not recommended",
                    "1000000.00 refused: too small",
                ],
                lines);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Write_NamesTraining_AndLeavesOutABandThatIsThePrediction()
    {
        string[] lines = Write(MadeUpForecast.Make() with
        {
            TrainingTokens = 300_000,
            Prediction = new PerplexityForecast(2048, 2048, 2048),
        });

        Assert.EndsWith("predicted before training:", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(" 2048.00", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SaysWhatTrainingIsExpectedToLeave_WhereThatIsKnown()
    {
        string[] lines = Write(
            MadeUpForecast.Make() with { TrainingTokens = 300_000, Trained = new PerplexityForecast(17.4, 17, 900) },
            MadeUpForecast.Make(isSensible: false) with { TrainingTokens = 300_000 });

        Assert.EndsWith("predicted before training, and after it:", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(
            "perplexity         low to high      trained         low to high", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(
            "18.25    17.50 to 1234.50        17.40     17.00 to 900.00", lines[2], StringComparison.Ordinal);
        Assert.Equal(lines[1].Length, lines[2].Length);
        Assert.EndsWith(
            "17.50 to 1234.50" + new string(' ', 33) + "  not recommended", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ColumnsEndWhereTheirNamesEnd()
    {
        string[] lines = Write(MadeUpForecast.Make(limit: new RateLimit(3.5, 3.25, 0.125, 0.0625)));

        foreach ((string name, string value) in new[]
        {
            ("ratio", "4.00"), ("bytes", "1.0 MB"), ("bits/weight", "3.500"), ("limit", "3.250"),
            ("perplexity", "18.25"), ("low to high", "1234.50"),
        })
        {
            int end = lines[1].IndexOf(name, StringComparison.Ordinal) + name.Length;
            Assert.EndsWith(value, lines[2][..end], StringComparison.Ordinal);
        }
    }

    private static string[] Write(params ImmutableArray<PlanForecast> points)
    {
        using var results = new StringWriter { NewLine = "\n" };
        var refusals = ImmutableSortedDictionary<double, string>.Empty.Add(1e6, "too small");
        SweepText.Write(results, new SweepRun(4_000_000, 16.5, points, refusals));
        return results.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
