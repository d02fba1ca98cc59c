using Hypercompress.Planning.Offers;
using Hypercompress.Reporting;

namespace Hypercompress.Tests.Reporting;

public sealed class ModelCardTests
{
    private static readonly string Card = ModelCard.Write(SampleReport.Create(), loadsInPython: true);

    [Theory]
    [InlineData("# tiny\\|stories, compressed 4 times")]
    [InlineData("| bytes of the weights | 4,000 | 1,000 | 4.00× |")]
    [InlineData("| stored parameters | 2,000 | 400 | 5.00× |")]
    [InlineData("| wiki.txt | paper, 2048 | 2047 | 20.00 ± 0.20 | 25.00 ± 0.50 | 0.2200 ± 0.0040 | 0.2000 ± 0.0030 |")]
    [InlineData("| model.layers.0.mlp.up_proj | low-rank rank 8 f16 | 10 |")]
    [InlineData("| distillation | 2 | 1024 | 3 | 2 | token budget |")]
    [InlineData("| fine-tuning | 0 | 0 | – | – | off |")]
    [InlineData("| analysis | 1.5 |")]
    [InlineData("| lra | broken Infinity, 2.00× fewer parameters | a paper |")]
    [InlineData("peak memory 987.7 MB")]
    [InlineData("| rank | inner size of two low-rank factors |")]
    [InlineData("Predicted perplexity on the first text, before training: 22.5 (21 to 24); after training: 21.75 (20.5 to 23); measured: 25.")]
    [InlineData("- factorization was switched on")]
    [InlineData("an estimate: 100.0 MB with `--memory fast`, 90.0 MB with `--memory small`, and 1920 bytes more")]
    [InlineData("in nats (natural logarithms): 0.01 nats more loss are 1 % more perplexity.")]
    public void Write_Report_HasTheLine(string line) => Assert.Contains(line, Card, StringComparison.Ordinal);

    [Fact]
    public void Write_OfAModelThatWasNotTrained_ExplainsItsFormats_AndNamesNoTraining()
    {
        CompressionReport report = SampleReport.Create();
        string card = ModelCard.Write(
            report with
            {
                Training = [],
                PredictedPerplexity = new PerplexityForecast(2048, 2048, 2048),
                PredictedTrainedPerplexity = null,
                Sites = [report.Sites[0] with { Form = "dense q6_k" }],
            },
            loadsInPython: true);

        Assert.Contains("Predicted perplexity on the first text: 2048; measured: 25.\n", card, StringComparison.Ordinal);
        Assert.Contains("| q6_k | 6.5625 bits/weight: ", card, StringComparison.Ordinal);
        Assert.DoesNotContain("before training", card, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Write_Report_BeginsWithMetadataForHubs() =>
        Assert.StartsWith("---\nlibrary_name: ", Card, StringComparison.Ordinal);

    [Fact]
    public void Write_EveryTable_HasAsManyCellsAsItsHead()
    {
        string[] lines = Card.Split('\n');
        int cells = 0;
        foreach (string line in lines)
        {
            int found = line.Replace("\\|", string.Empty, StringComparison.Ordinal).Count(letter => letter == '|');
            cells = line.StartsWith('|') && cells > 0 ? cells : found;
            Assert.Equal(cells, found);
        }
    }

    [Fact]
    public void Write_NoValidationText_SaysSo()
    {
        string card = ModelCard.Write(SampleReport.Create() with { Evaluation = new([]) }, loadsInPython: true);
        Assert.Contains("Quality was not measured", card, StringComparison.Ordinal);
    }
}
