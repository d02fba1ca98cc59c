using System.Text.Json.Nodes;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Models.Packages;

namespace Hypercompress.Tests.Evaluation;

[NoTensorLeaks]
public sealed class PerplexityParityTests
{
    [Fact]
    public void Evaluate_FirstWindowOfWikiText_GivesTheReferenceLoss()
    {
        JsonNode golden = JsonNode.Parse(File.ReadAllText(SharedFiles.Require("golden/eval/smollm2_forward.json")))!;
        JsonNode window = golden["wikitext2_paper_convention"]!["windows"]![0]!;
        string file = SharedFiles.Require("data/wikitext2/wiki.test.raw");
        using ModelPackage package = ModelPackage.Open(
            SharedFiles.Require("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf"));
        using LanguageModel model = LanguageModel.Load(package);

        // The first 40 000 characters hold more than 2048 tokens; the rest of the file would only cost time.
        int[] ids = model.Tokenizer!.Encode(File.ReadAllText(file)[..40_000])[..2048];
        Assert.Equal(window["first8_ids"]!.AsArray().Select(id => (int)id!), ids[..8]);
        Assert.Equal(window["last8_ids"]!.AsArray().Select(id => (int)id!), ids[^8..]);

        PerplexityResult result = new PerplexityEvaluator(new()).Evaluate(model.Decoder, new EvaluationText(file, ids));
        Assert.Equal(2047, result.Tokens);
        Assert.Equal((double)window["mean_nll"]!, result.NegativeLogLikelihood, 1e-3);
    }
}
