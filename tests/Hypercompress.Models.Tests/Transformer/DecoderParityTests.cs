using System.Text.Json.Nodes;
using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Transformer;

[NoTensorLeaks]
public sealed class DecoderParityTests
{
    private const float Tolerance = 2e-4f;

    public static TheoryData<string> Checkpoints => [.. new[]
    {
        "gemma2", "gemma3_text", "gpt2", "gpt2-bin", "gpt2-f16", "gpt_neox", "gpt_neox-seq", "llama-bf16", "llama-bias",
        "llama-bin", "llama-bin-legacy", "llama-dynamic-rope", "llama-f16", "llama-headdim", "llama-linear-rope",
        "llama-mha", "llama-sharded", "llama-tied", "llama-untied", "llama-yarn", "llama3-rope", "mistral-sliding",
        "olmo2", "phi3", "phi3-longrope", "qwen2", "qwen3", "smollm3",
    }];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Forward_TinyCheckpoint_GivesTheReferenceLogits(string name)
    {
        string folder = SharedFiles.Require($"golden/arch/{name}");
        GoldenModel golden = GoldenModel.Read(Path.Combine(folder, "golden.json"));
        foreach (
            string config in new[] { "config.json", "config_legacy.json" }.Where(
            file => File.Exists(Path.Combine(folder, file))))
        {
            using DecoderModel model = GoldenModel.Load(folder, config);
            Assert.Equal(golden.Parameters, model.ParameterCount);
            for (int prompt = 0; prompt < golden.Prompts.Length; prompt++)
            {
                float[] logits = GoldenModel.Forward(model, golden.Prompts[prompt]);
                Assert.InRange(GoldenModel.LargestDifference(golden.Logits[prompt], logits), 0, Tolerance);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Forward_GreedyWithAndWithoutCache_GivesTheReferenceIds(string name)
    {
        string folder = SharedFiles.Require($"golden/arch/{name}");
        GoldenModel golden = GoldenModel.Read(Path.Combine(folder, "golden.json"));
        using DecoderModel model = GoldenModel.Load(folder);
        for (int prompt = 0; prompt < golden.Prompts.Length; prompt++)
        {
            Assert.Equal(golden.Greedy[prompt], Greedy(model, golden.Prompts[prompt], true));
            Assert.Equal(golden.GreedyWithoutCache[prompt], Greedy(model, golden.Prompts[prompt], false));
        }
    }

    [Fact]
    public void Forward_ChunksThroughTheCache_GivesTheLogitsOfOnePass()
    {
        string folder = SharedFiles.Require("golden/arch/llama-bias");
        GoldenModel golden = GoldenModel.Read(Path.Combine(folder, "golden.json"));
        using DecoderModel model = GoldenModel.Load(folder);
        using var cache = new KvCache(model);
        long[] prompt = golden.Prompts[1];
        float[] logits = [
            .. GoldenModel.Forward(model, prompt[..7], cache),
            .. GoldenModel.Forward(model, prompt[7..8], cache),
            .. GoldenModel.Forward(model, prompt[8..], cache)];
        Assert.InRange(GoldenModel.LargestDifference(golden.Logits[1], logits), 0, Tolerance);
        Assert.Equal(prompt.Length, cache.Length);
    }

    [Fact]
    public void Forward_Batch_GivesEachRowItsOwnLogits()
    {
        string folder = SharedFiles.Require("golden/arch/llama-tied");
        GoldenModel golden = GoldenModel.Read(Path.Combine(folder, "golden.json"));
        using DecoderModel model = GoldenModel.Load(folder);
        long[] both = [.. golden.Prompts[0], .. golden.Prompts[1][..12]];
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor ids = tensor(both).reshape(2, 12);
        Tensor logits = model.Forward(ids);
        float[] expected = [.. golden.Logits[0], .. golden.Logits[1][..(12 * model.Config.VocabularySize)]];
        Assert.InRange(GoldenModel.LargestDifference(expected, logits.data<float>().ToArray()), 0, Tolerance);
    }

    [Fact]
    public void Forward_TinyStories_GivesTheReferenceLogitsAndIds()
    {
        string folder = SharedFiles.Require("models/tinystories-656k-hf");
        byte[] numbers = File.ReadAllBytes(SharedFiles.Require("golden/golden.json"));
        JsonNode golden = JsonNode.Parse(numbers)!["tinystories-656k"]!;
        using DecoderModel model = GoldenModel.Load(folder);
        long[] ids = [.. golden["ids"]!.AsArray().Select(id => (long)id!)];
        float[] last = GoldenModel.Forward(model, ids)[^model.Config.VocabularySize..];
        float[] first = [.. golden["last_logits_first8"]!.AsArray().Select(value => (float)value!)];
        Assert.InRange(GoldenModel.LargestDifference(first, last[..8]), 0, Tolerance);
        Assert.Equal((double)golden["sum_logits_last"]!, last.Sum(value => (double)value), 0.02);
        long[] expected = [.. golden["greedy_ids"]!.AsArray().Select(id => (long)id!)];
        Assert.Equal(expected[ids.Length..], Greedy(model, ids, true, expected.Length - ids.Length));
    }

    private static long[] Greedy(DecoderModel model, long[] prompt, bool cached, int count = 16)
    {
        using KvCache? cache = cached ? new KvCache(model) : null;
        List<long> ids = [.. prompt];
        long[] next = prompt;
        while (ids.Count < prompt.Length + count)
        {
            ids.Add(GoldenModel.Best(GoldenModel.Forward(model, next, cache), model.Config.VocabularySize));
            next = cached ? [ids[^1]] : [.. ids];
        }

        return [.. ids.Skip(prompt.Length)];
    }
}
