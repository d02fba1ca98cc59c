using System.Text.Json.Nodes;
using Hypercompress.Models.Generation;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Tests.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Packages;

[NoTensorLeaks]
public sealed class GgufParityTests
{
    private const float Tolerance = 2e-4f;

    [Theory]
    [InlineData("llama-tied", "f32")]
    [InlineData("llama-tied", "q8_0")]
    [InlineData("llama-tied", "q4_0")]
    [InlineData("qwen2", "f32")]
    [InlineData("qwen2", "q8_0")]
    [InlineData("qwen2", "q4_0")]
    [InlineData("gpt2", "f32")]
    [InlineData("gpt2", "q8_0")]
    [InlineData("gpt2", "q4_0")]
    public void Load_TinyGguf_GivesTheReferenceLogitsAndIds(string name, string type)
    {
        string file = SharedFiles.Require($"golden/arch/{name}/model-{type}.gguf");
        GoldenModel golden = GoldenModel.Read(Path.ChangeExtension(file, "golden.json"));
        using ModelPackage package = ModelPackage.Open(file);
        using LanguageModel model = LanguageModel.Load(package);
        Assert.Equal(golden.Parameters, package.ParameterCount);
        for (int prompt = 0; prompt < golden.Prompts.Length; prompt++)
        {
            float[] logits = GoldenModel.Forward(model.Decoder, golden.Prompts[prompt]);
            Assert.InRange(GoldenModel.LargestDifference(golden.Logits[prompt], logits), 0, Tolerance);
            var options = new SamplingOptions { MaxTokens = 16, IgnoreEnd = true };
            GenerationResult result = new TextGenerator(model, TimeProvider.System).Generate(
                [.. golden.Prompts[prompt].Select(id => (int)id)], options);
            Assert.Equal(golden.Greedy[prompt], result.TokenIds.Select(id => (long)id));
        }
    }

    [Fact]
    public void Load_SmolLm2_GivesTheReferenceLogitsAndIds()
    {
        JsonNode golden = JsonNode.Parse(File.ReadAllBytes(SharedFiles.Require("golden/eval/smollm2_forward.json")))!;
        using ModelPackage package = ModelPackage.Open(SharedFiles.Require("models/smollm2-135m-instruct"));
        using LanguageModel model = LanguageModel.Load(package);
        Assert.Contains("<|im_start|>", model.TokenizerSettings.ChatTemplate, StringComparison.Ordinal);
        var generator = new TextGenerator(model, TimeProvider.System);
        foreach (JsonNode? prompt in golden["prompts"]!.AsArray())
        {
            int[] ids = [.. prompt!["ids"]!.AsArray().Select(id => (int)id!)];
            Assert.Equal(ids, model.Tokenizer!.Encode((string)prompt["text"]!));
            CheckLogits(model, ids, prompt);
            int[] expected = [.. prompt["greedy_ids"]!.AsArray().Take(8).Select(id => (int)id!)];
            var options = new SamplingOptions { MaxTokens = expected.Length, IgnoreEnd = true };
            GenerationResult result = generator.Generate(ids, options);
            Assert.Equal(expected, result.TokenIds);
            Assert.StartsWith(result.Text, (string)prompt["greedy_text_skip_special"]!, StringComparison.Ordinal);
        }
    }

    private static void CheckLogits(LanguageModel model, int[] ids, JsonNode prompt)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor logits = model.Decoder.Forward(tensor(ids, dtype: int64).unsqueeze(0))[0, ids.Length - 1];
        foreach (JsonNode? expected in prompt["last_logits_top10"]!.AsArray())
        {
            Assert.Equal((float)expected!["logit"]!, logits[(long)expected["id"]!].item<float>(), Tolerance);
        }

        Assert.Equal((double)prompt["last_logits_l2"]!, logits.norm().item<float>(), 0.01);
        Assert.Equal((double)prompt["last_logsumexp"]!, logits.logsumexp(0).item<float>(), 1e-3);
    }
}
