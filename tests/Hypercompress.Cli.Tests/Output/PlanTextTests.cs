using System.Globalization;
using Hypercompress.Cli.Output;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;
using Hypercompress.Settings;

namespace Hypercompress.Cli.Tests.Output;

public sealed class PlanTextTests
{
    [Fact]
    public void Write_SaysSizeQualityAndCosts_InEveryCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            Assert.Equal(
                [
                    "ratio        4.000x: 4.0 MB → 1.0 MB",
                    "perplexity   teacher 16.50, predicted 18.25 (17.50 to 1234.50)",
                    "compress     takes about 2 min, 1.5 GB of memory and 6.2 MB of disk",
                    "note         the plan says this",
                ],
                Write(MadeUpForecast.Make(), explain: false));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Write_APlanThatWillTrain_SaysWhatIsExpectedOfIt()
    {
        PlanForecast trained = MadeUpForecast.Make() with
        {
            TrainingTokens = 300_000,
            Trained = new PerplexityForecast(17.4, 17, 900),
        };

        string[] lines = Write(trained, explain: false);

        Assert.EndsWith("predicted 18.25 (17.50 to 1234.50) before training", lines[1], StringComparison.Ordinal);
        Assert.Equal("             about 17.40 (17.00 to 900.00) after training on 300,000 tokens", lines[2]);
    }

    [Fact]
    public void Explain_SaysWhatTrainingLeaves_OrThatItIsNotKnown()
    {
        PlanForecast known = MadeUpForecast.Make() with
        {
            TrainingTokens = 300_000,
            Prediction = new PerplexityForecast(33, 30, 40),
            Trained = new PerplexityForecast(16.5 * Math.Sqrt(2), 20, 30),
        };

        Assert.Contains(
            "training     is expected to leave 0.3466 of 0.6931 nats/token above the teacher's loss (50 %), which is what "
            + "such training left in runs that were measured",
            Write(known, explain: true));
        Assert.Contains(
            "training     no comparable run was measured: what it leaves of the loss is not predicted",
            Write(known with { Trained = null }, explain: true));
        Assert.DoesNotContain(
            Write(MadeUpForecast.Make(), explain: true),
            line => line.StartsWith("training", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(3.25, "the nearest ratio below the limit is 3.25")]
    [InlineData(null, "no smaller ratio below the limit was found")]
    public void Write_PoorPlan_NamesTheLimitAndTheWayOut(double? nearest, string expected)
    {
        string verdict = Write(MadeUpForecast.Make(isSensible: false, nearest), explain: false)[2];

        Assert.StartsWith("verdict      ", verdict, StringComparison.Ordinal);
        Assert.Contains("more than 5 times the teacher's", verdict, StringComparison.Ordinal);
        Assert.Contains(expected, verdict, StringComparison.Ordinal);
        Assert.EndsWith("compress needs --force", verdict, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3.25, "the nearest size below the limit is 1230769 bytes")]
    [InlineData(null, "no larger size below the limit was found")]
    public void Write_ASizeThatWasAskedForInBytes_SpeaksOfBytes(double? nearest, string expected)
    {
        string[] lines = Write(MadeUpForecast.Make(isSensible: false, nearest), explain: false, new ByteSize(900_000));

        Assert.Equal("ratio        4.000x: 4.0 MB → 1.0 MB", lines[0]);
        Assert.Contains(expected, lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain("ratio", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ABandThatIsThePrediction_IsLeftOut()
    {
        PlanForecast certain = MadeUpForecast.Make() with { Prediction = new PerplexityForecast(2048, 2048, 2048) };

        Assert.Equal("perplexity   teacher 16.50, predicted 2048.00", Write(certain, explain: false)[1]);
    }

    [Fact]
    public void Explain_SaysWhereBytesAreAndWhyOthersAreNotUsed()
    {
        string[] lines = Write(MadeUpForecast.Make(), explain: true);

        Assert.Contains(
            "inference    480 bytes of cache per token (teacher 960), 1,000 multiply-adds per token (teacher 2,000)",
            lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("limit", StringComparison.Ordinal));
        Assert.Contains(
            "why          lra is not used: with the same bytes it would lose 1.5 nats/token at 2 sites, where the plan "
            + "loses 0.25",
            lines);
        Assert.Contains(lines, line => line.Contains("lose 0.5 nats/token at 1 site,", StringComparison.Ordinal));
        Assert.Contains(
            "why          sparsity is not used: it cannot store any matrix in the planned bytes", lines);
        Assert.Contains("   0.25000  model.layers.0.mlp.up_proj: quantization(format ec3.5)", lines);
        Assert.DoesNotContain(lines, line => line.Contains("embed:", StringComparison.Ordinal));
    }

    [Fact]
    public void Explain_TheTableHasItsColumnsBelowTheirNames()
    {
        string[] lines = Write(MadeUpForecast.Make(), explain: true);
        int header = Array.FindIndex(lines, line => line.StartsWith("treatment", StringComparison.Ordinal));

        Assert.Equal(
            "treatment                 sites   bits/weight      bytes   predicted loss (nats/token)", lines[header]);
        Assert.Equal("quantization                  1          4.00   500.0 kB       0.2500", lines[header + 1]);
        Assert.Equal("keep                          1         15.97   499.0 kB       0.0000", lines[header + 2]);
    }

    [Fact]
    public void Explain_TheWordsAreExplained_AndFitATerminal()
    {
        string[] lines = Write(MadeUpForecast.Make(limit: new RateLimit(3.5, 3.25, 0.125, 0.0625)), explain: true);

        Assert.All(
            ["nats/token", "bits/weight", "ec3.5", "ef3.5", "es3.5", "rank", "blt", "kv", "lra  "],
            word => Assert.InRange(
                Assert.Single(lines, line => line.StartsWith(word, StringComparison.Ordinal)).Length, 20, 80));
        Assert.Contains(
            "limit        3.500 bits/weight; the rate–distortion limit for the same predicted loss (0.125 nats/token) "
            + "is 3.250; with these bits the smallest possible loss is 0.0625",
            lines);
    }

    private static string[] Write(PlanForecast forecast, bool explain, ByteSize? asked = null)
    {
        using var results = new StringWriter { NewLine = "\n" };
        PlanText.Write(results, forecast, explain, asked);
        return results.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
