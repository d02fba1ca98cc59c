using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer.Rotary;
using static TorchSharp.torch;

namespace Hypercompress.Models.Packages.Gguf;

/// <summary>
/// GGUF keeps the rope scaling of Llama 3 not as settings but as the divisors of the frequencies that come of them. The
/// settings of the published models are tried until one gives those divisors; others are kept as a list.
/// </summary>
internal static class LlamaRopeFactors
{
    /// <summary>Name of the tensor with the divisors.</summary>
    public const string TensorName = "rope_freqs.weight";

    private const double Tolerance = 1e-3;
    private const double LowFrequencyFactor = 1;
    private const double HighFrequencyFactor = 4;

    private static readonly int[] TrainedLengths = [8192, 4096, 2048, 16384, 32768];

    /// <summary>The settings.</summary>
    /// <exception cref="CheckpointException">The divisors are not one for each two values of a head.</exception>
    public static JsonObject? Recognise(
        GgufFile file, string path, double theta, long headDimension, long contextLength)
    {
        double[] divisors = Read(file, path, headDimension);
        double factor = Math.Round(divisors.Max(), 4);
        if (factor <= 1 + Tolerance)
        {
            return null;
        }

        foreach (int length in TrainedLengths)
        {
            var settings = new RopeSettings
            {
                Type = RopeType.Llama3,
                Theta = theta,
                Factor = factor,
                LowFrequencyFactor = LowFrequencyFactor,
                HighFrequencyFactor = HighFrequencyFactor,
                OriginalMaxPositions = length,
            };
            if (Gives(settings, divisors))
            {
                return new JsonObject
                {
                    ["rope_type"] = "llama3",
                    ["factor"] = factor,
                    ["low_freq_factor"] = LowFrequencyFactor,
                    ["high_freq_factor"] = HighFrequencyFactor,
                    ["original_max_position_embeddings"] = length,
                };
            }
        }

        return Verbatim(divisors, contextLength);
    }

    /// <summary>Divisors that are none of Llama 3's are kept as they are, for sequences of every length.</summary>
    private static JsonObject Verbatim(double[] divisors, long contextLength) => new()
    {
        ["rope_type"] = "longrope",
        ["short_factor"] = List(divisors),
        ["long_factor"] = List(divisors),
        ["attention_factor"] = 1,
        ["original_max_position_embeddings"] = contextLength,
    };

    private static JsonArray List(double[] divisors) =>
        [.. divisors.Select(divisor => (JsonNode)GgufConfig.Shortest(divisor))];

    private static bool Gives(RopeSettings settings, double[] divisors)
    {
        int dimension = 2 * divisors.Length;
        IReadOnlyList<double> plain = new RotaryEmbedding(settings with { Type = RopeType.Default }, dimension)
            .Frequencies(1);
        IReadOnlyList<double> stretched = new RotaryEmbedding(settings, dimension).Frequencies(1);
        return divisors.Index().All(item =>
            Math.Abs((plain[item.Index] / stretched[item.Index] / item.Item) - 1) < Tolerance);
    }

    private static double[] Read(GgufFile file, string path, long headDimension)
    {
        using Tensor read = file.Read(TensorName);
        using Tensor wide = read.to(ScalarType.Float64);
        double[] divisors = wide.data<double>().ToArray();
        return divisors.Length * 2 == headDimension && divisors.All(divisor => double.IsFinite(divisor) && divisor > 0)
            ? divisors
            : throw new CheckpointException(
                path,
                $"tensor \"{TensorName}\" must have {headDimension / 2} positive values, found {divisors.Length}");
    }
}
