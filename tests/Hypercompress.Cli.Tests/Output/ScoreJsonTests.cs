using System.Text.Json.Nodes;
using Hypercompress.Cli.Output;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Models.Errors;

namespace Hypercompress.Cli.Tests.Output;

public sealed class ScoreJsonTests
{
    [Fact]
    public void Alone_HasThePromisedKeys()
    {
        JsonNode row = ScoreJson.Alone([Score(2)])["perplexity"]![0]!;

        Assert.Equal(
            """
            {"file":"a.txt","convention":"paper","window":2048,"ppl":8,"nll":2,"stderr":0.5,"nll_stderr":0.0625,
            "tokens":100,"accuracy":0.75,"accuracy_stderr":0.125}
            """.ReplaceLineEndings(string.Empty),
            row.ToJsonString());
    }

    [Fact]
    public void Beside_KeepsTheTeachersScoresApart()
    {
        var compared = new ComparisonResult(Score(2), Score(3), 0.5, 0.25, 0.75, 0.125, 1, 0.0625);

        JsonObject document = ScoreJson.Beside([compared]);

        Assert.Equal(2, (double)document["teacher_perplexity"]![0]!["nll"]!);
        Assert.Equal(3, (double)document["perplexity"]![0]!["nll"]!);
        Assert.Equal(
            """
            {"file":"a.txt","kl":0.5,"kl_stderr":0.25,"agreement":0.75,"agreement_stderr":0.125,"nll_difference":1,
            "nll_difference_stderr":0.0625}
            """.ReplaceLineEndings(string.Empty),
            document["comparison"]![0]!.ToJsonString());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Alone_LossThatIsNotFinite_IsANumericalFailureThatNamesTheText(double loss)
    {
        var failure = Assert.Throws<NumericalException>(() => ScoreJson.Alone([Score(loss)]));

        Assert.StartsWith("a.txt: ", failure.Message, StringComparison.Ordinal);
    }

    private static PerplexityResult Score(double loss) =>
        new("a.txt", "paper", 2048, 8, loss, 0.0625, 100, 0.75, 0.125);
}
