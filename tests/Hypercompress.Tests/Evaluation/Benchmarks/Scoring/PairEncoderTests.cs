using System.Text.Json.Nodes;
using Hypercompress.Evaluation.Benchmarks.Scoring;
using Hypercompress.Models.Errors;

namespace Hypercompress.Tests.Evaluation.Benchmarks.Scoring;

public sealed class PairEncoderTests(SmolModel smol) : IClassFixture<SmolModel>
{
    [Fact]
    public void Encode_OfAwkwardPairs_GivesTheTokensAndScoresOfTheHarness()
    {
        JsonNode golden =
            JsonNode.Parse(File.ReadAllText(SharedFiles.Require("golden/eval/encode_pair_vectors.json")))!;
        using var scorer = new LikelihoodScorer(smol.Model.Decoder);
        foreach (JsonNode? pair in golden["pairs"]!.AsArray())
        {
            var encoder = new PairEncoder(smol.Model.Tokenizer!, (int)pair!["max_length"]!);
            (string context, string continuation) = ((string)pair["context"]!, (string)pair["continuation"]!);
            if (pair["error"] is not null)
            {
                Assert.Contains(
                    $"'{continuation}' has 0 token",
                    Assert.Throws<ConfigurationException>(() => encoder.Encode(context, continuation)).Message,
                    StringComparison.Ordinal);
                continue;
            }

            ScoredSequence sequence = encoder.Encode(context, continuation);
            Assert.Equal(Ids(pair["model_input_ids"]!), sequence.Ids[..^1]);
            Assert.Equal(Ids(pair["continuation_ids"]!), sequence.Ids[^sequence.Scored..]);
            LikelihoodResult result = scorer.Score([[sequence]])[0][0][0];
            Assert.Equal((double)pair["loglikelihood"]!, result.LogLikelihood, 1e-3);
            Assert.Equal((bool)pair["is_greedy"]!, result.IsGreedy);
        }
    }

    [Fact]
    public void PrefixToken_OfSmolLm2_IsTheGoldenOne()
    {
        JsonNode golden =
            JsonNode.Parse(File.ReadAllText(SharedFiles.Require("golden/eval/encode_pair_vectors.json")))!;
        Assert.Equal((int)golden["prefix_token_id"]!, new PairEncoder(smol.Model.Tokenizer!, 2048).PrefixToken);
    }

    private static IEnumerable<int> Ids(JsonNode node) => node.AsArray().Select(id => (int)id!);
}
