using System.Text.Json.Nodes;
using Hypercompress.Evaluation.Statistics;

namespace Hypercompress.Tests.Evaluation.Statistics;

public sealed class PythonRandomTests
{
    [Fact]
    public void NextDouble_OfSeed1234_IsPythons()
    {
        // random.Random(1234).random(), five times.
        double[] expected =
            [0.9664535356921388, 0.4407325991753527, 0.007491470058587191, 0.9109759624491242, 0.939268997363764];
        var random = new PythonRandom(1234);
        Assert.Equal(expected, Enumerable.Range(0, 5).Select(_ => random.NextDouble()));
    }

    [Fact]
    public void Sample_ByPoolAndBySet_IsPythons()
    {
        foreach ((string name, JsonNode? draws) in Golden()["sample_seed1234"]!.AsObject())
        {
            int[] sizes = [.. name[1..].Split("_k").Select(int.Parse)];
            var random = new PythonRandom(1234);
            foreach (JsonNode? draw in draws!.AsArray())
            {
                Assert.Equal(draw!.AsArray().Select(index => (int)index!), random.Sample(sizes[0], sizes[1]));
            }
        }
    }

    [Fact]
    public void Choices_OfSeed0_ArePythons()
    {
        var random = new PythonRandom(0);
        foreach (JsonNode? draw in Golden()["choices_seed0_n8_first3"]!.AsArray())
        {
            var drawn = new int[8];
            random.Choices(8, drawn);
            Assert.Equal(draw!.AsArray().Select(index => (int)index!), drawn);
        }
    }

    [Fact]
    public void Sample_OfMoreThanThereAre_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PythonRandom(1).Sample(3, 4));

    private static JsonNode Golden() =>
        JsonNode.Parse(File.ReadAllText(SharedFiles.Require("golden/eval/metric_vectors.json")))!["python_random"]!;
}
