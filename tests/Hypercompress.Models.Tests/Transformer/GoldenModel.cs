using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Transformer;

/// <summary>A tiny checkpoint of the shared folder with the numbers it must give.</summary>
internal sealed record GoldenModel(
    ImmutableArray<long[]> Prompts,
    ImmutableArray<float[]> Logits,
    ImmutableArray<long[]> Greedy,
    ImmutableArray<long[]> GreedyWithoutCache,
    ImmutableArray<double> LayerNorms,
    long Parameters)
{
    public static GoldenModel Read(string path)
    {
        JsonNode json = JsonNode.Parse(File.ReadAllBytes(path))!;
        return new(
            Lists(json["prompts"]!),
            [.. json["logits"]!.AsArray().Select(item => Floats((string)item!["logits_f32_b64"]!))],
            Lists(json["greedy"]!),
            Lists(json["greedy_nocache"]!),
            [.. json["layer_outputs_l2"]!.AsArray().Select(item => (double)item!)],
            (long)json["params"]!);
    }

    public static DecoderConfig Config(string folder, string file = "config.json")
    {
        string path = Path.Combine(folder, file);
        return DecoderConfigReader.Parse(JsonNode.Parse(File.ReadAllBytes(path))!.AsObject(), path);
    }

    public static DecoderModel Load(string folder, string file = "config.json")
    {
        using ITensorSource source = CheckpointFolder.Open(folder);
        return DecoderModel.Load(Config(folder, file), source);
    }

    public static float[] Forward(DecoderModel model, long[] ids, KvCache? cache = null)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor input = tensor(ids).unsqueeze(0);
        Tensor logits = model.Forward(input, cache);
        return logits.data<float>().ToArray();
    }

    public static float LargestDifference(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
    }

    public static long Best(float[] logits, int vocabulary)
    {
        ReadOnlySpan<float> last = logits.AsSpan(logits.Length - vocabulary);
        int best = 0;
        for (int i = 1; i < last.Length; i++)
        {
            best = last[i] > last[best] ? i : best;
        }

        return best;
    }

    private static ImmutableArray<long[]> Lists(JsonNode node) =>
        [.. node.AsArray().Select(list => list!.AsArray().Select(id => (long)id!).ToArray())];

    private static float[] Floats(string base64)
    {
        byte[] bytes = Convert.FromBase64String(base64);
        float[] values = new float[bytes.Length / 4];
        Buffer.BlockCopy(bytes, 0, values, 0, bytes.Length);
        return values;
    }
}
