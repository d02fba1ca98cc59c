using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer.Layout;

namespace Hypercompress.Models.Packages.Gguf;

/// <summary>The limits of a GGUF file for a model whose matrices each get an element type of their own.</summary>
public static class GgufLimits
{
    private const int Listed = 3;
    private const string Remedy = "compress for the runtime 'self' and use export --format gguf --quant";

    /// <summary>Refuses a model that such a file cannot hold; needs its configuration alone.</summary>
    /// <param name="config">The model's sizes and choices.</param>
    /// <param name="json">Its <c>config.json</c>.</param>
    /// <exception cref="ConfigurationException">
    /// The format has no place for a choice of the model, joins matrices that are compressed apart, or expects queries
    /// of another scale.
    /// </exception>
    public static void Require(DecoderConfig config, JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(json);
        var metadata = new GgufModelMetadata(config, string.Empty);
        metadata.RequireExpressible(json);
        string[] joined =
        [
            .. new DecoderLayout(config, config.Family.GgufKeys).Tensors()
                .Where(tensor => tensor.Shape.Length > 1
                    && (tensor.Parts.DistinctBy(part => part.Slot).Count() > 1
                        || tensor.Parts.Any(part => part.Part.IsTransposed)))
                .Select(tensor => tensor.Name),
        ];
        if (joined.Length > 0)
        {
            throw new ConfigurationException(
                $"a GGUF file of a {config.ModelType} model joins matrices that are compressed apart "
                + $"({string.Join(", ", joined.Take(Listed))}, …), so that they cannot have types of their own; "
                + Remedy);
        }

        bool isNormed = config.Family.HuggingFaceKeys.Has(TensorRole.QueryNorm);
        if (!isNormed && Enumerable.Range(0, config.Layers).Any(layer => metadata.QueryFactor(layer) != 1))
        {
            throw new ConfigurationException(
                $"a GGUF file of a {config.ModelType} model holds queries of another scale, which the blocks of a "
                + $"compressed matrix cannot have; {Remedy}");
        }
    }

    /// <summary>Bytes of the tensors that a file has beside the weights: divisors of rotary frequencies.</summary>
    /// <param name="config">The model's sizes and choices.</param>
    /// <returns>Bytes of their data; 0 for most models.</returns>
    public static long ExtraBytes(DecoderConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new GgufModelMetadata(config, string.Empty).RopeTensors().Sum(tensor => tensor.ByteLength);
    }
}
