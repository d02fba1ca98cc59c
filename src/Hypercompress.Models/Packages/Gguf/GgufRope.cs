using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Models.Packages.Gguf;

/// <summary>Turns what a GGUF file says of stretched rotary frequencies into a <c>rope_scaling</c>.</summary>
/// <param name="file">The file.</param>
/// <param name="path">Its path.</param>
/// <param name="prefix">The architecture, with a dot.</param>
internal sealed class GgufRope(GgufFile file, string path, string prefix)
{
    /// <summary>Divisors of the frequencies beyond the trained length.</summary>
    public const string LongTensor = "rope_factors_long.weight";

    /// <summary>Divisors of the frequencies up to the trained length.</summary>
    public const string ShortTensor = "rope_factors_short.weight";

    /// <summary>The scaling; null when there is none.</summary>
    /// <param name="headDimension">Width of a head.</param>
    /// <exception cref="CheckpointException">It is of an unknown kind, or a number is missing.</exception>
    public JsonObject? Read(long headDimension)
    {
        if (file.Tensors.ContainsKey(LlamaRopeFactors.TensorName))
        {
            double theta = file.Metadata.FindNumber(prefix + "rope.freq_base") ?? 10000;
            long length = file.Metadata.GetInteger(prefix + "context_length");
            return LlamaRopeFactors.Recognise(file, path, theta, headDimension, length);
        }

        if (file.Tensors.ContainsKey(LongTensor))
        {
            return LongRope();
        }

        string key = prefix + "rope.scaling.type";
        string type = file.Metadata.FindString(key) ?? "none";
        return type switch
        {
            "none" => null,
            "linear" => new JsonObject { ["rope_type"] = "linear", ["factor"] = Number("factor") },
            "yarn" => new JsonObject
            {
                ["rope_type"] = "yarn",
                ["factor"] = Number("factor"),
                ["original_max_position_embeddings"] = OriginalLength(),
            },
            _ => throw new CheckpointException(path, string.Create(
                CultureInfo.InvariantCulture,
                $"\"{key}\" must be none, linear or yarn where the file has no {LongTensor}, found {type}")),
        };
    }

    private JsonObject LongRope()
    {
        var scaling = new JsonObject
        {
            ["rope_type"] = "longrope",
            ["long_factor"] = Divisors(LongTensor),
            ["short_factor"] = Divisors(ShortTensor),
            ["original_max_position_embeddings"] = OriginalLength(),
        };
        if (file.Metadata.FindNumber(prefix + "rope.scaling.attn_factor") is double factor)
        {
            scaling["attention_factor"] = Finite("attn_factor", factor);
        }

        return scaling;
    }

    private JsonArray Divisors(string name)
    {
        if (!file.Tensors.TryGetValue(name, out TensorInfo? info) || info.Shape.Length != 1)
        {
            throw new CheckpointException(path, $"tensor \"{name}\" is missing or no list of numbers");
        }

        using var scope = NewDisposeScope();
        Tensor values = file.Read(name).to(ScalarType.Float32);
        float[] divisors = values.data<float>().ToArray();
        return Array.TrueForAll(divisors, float.IsFinite)
            ? [.. divisors.Select(value => (JsonNode)GgufConfig.Shortest(value))]
            : throw new CheckpointException(path, $"tensor \"{name}\" holds a value that is not a finite number");
    }

    private long OriginalLength() => file.Metadata.GetInteger(prefix + "rope.scaling.original_context_length");

    private double Number(string name) => Finite(name, file.Metadata.GetNumber(prefix + "rope.scaling." + name));

    private double Finite(string name, double stored) => double.IsFinite(stored)
        ? GgufConfig.Shortest(stored)
        : throw new CheckpointException(path, $"\"{prefix}rope.scaling.{name}\" must be a finite number");
}
