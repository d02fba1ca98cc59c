using System.Text.Json.Nodes;
using Hypercompress.Cli.Output;

namespace Hypercompress.Cli.Tests.Output;

public sealed class ScoreTextTests
{
    [Fact]
    public void Write_ShowsPerplexityComparisonAndTasks()
    {
        var document = (JsonObject)JsonNode.Parse(
            """
            {
              "teacher_perplexity": [{"file": "a.txt", "convention": "paper", "ppl": 2.5, "stderr": 0.25, "window": 512,
                                      "tokens": 1234567, "accuracy": 0.5}],
              "perplexity": [{"file": "a.txt", "convention": "paper", "ppl": null, "stderr": 0.5, "window": 256,
                              "tokens": 100, "accuracy": 0.25}],
              "comparison": [{"file": "a.txt", "kl": 0.125, "agreement": 0.75}],
              "tasks": {
                "arc": {"acc": 0.5, "acc_stderr": 0.1, "documents": 1200, "truncated": 3},
                "words": {"exact,first": 1.0, "exact_stderr,first": null, "exact": 1.0,
                          "exact_stderr": null, "documents": 2}
              }
            }
            """)!;
        using var results = new StringWriter { NewLine = "\n" };

        ScoreText.Write(results, document);

        Assert.Equal(
            """
            teacher a.txt: perplexity 2.5000 ± 0.2500 (paper, windows of 512, 1234567 tokens), accuracy 50.00 %
            a.txt: perplexity NaN ± 0.5000 (paper, windows of 256, 100 tokens), accuracy 25.00 %
            a.txt: KL divergence 0.1250 nats, same first guess 75.0 %
            arc (1200 documents, 3 of them shortened to the model's context): acc 0.5000 ± 0.1000
            words (2 documents): exact,first 1.0000

            """.ReplaceLineEndings("\n"),
            results.ToString());
    }
}
