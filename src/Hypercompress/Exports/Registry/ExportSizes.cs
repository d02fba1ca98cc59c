using System.Collections.Immutable;
using Hypercompress.Artifacts;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Exports.Registry;

/// <summary>What the exports of a model would take, without writing them.</summary>
public static class ExportSizes
{
    private static readonly (string Format, string? Quant)[] Usual =
        [("gguf", null), ("gguf", "q8_0"), ("gguf", "q4_k"), ("onnx", null), ("hf", null), ("pt", null)];

    /// <summary>Counts the bytes of the usual exports, plain numbers in half precision.</summary>
    /// <param name="opened">The model.</param>
    /// <returns>
    /// Bytes of the tensors' data by what would be typed after <c>--format</c>, in that order; exports that cannot hold
    /// the model are left out.
    /// </returns>
    public static ImmutableArray<KeyValuePair<string, long>> Of(OpenModel opened)
    {
        ArgumentNullException.ThrowIfNull(opened);
        var sizes = ImmutableArray.CreateBuilder<KeyValuePair<string, long>>();
        foreach ((string format, string? quant) in Usual)
        {
            if (Count(opened, format, quant) is { } bytes)
            {
                sizes.Add(KeyValuePair.Create(quant is null ? format : $"{format} --quant {quant}", bytes));
            }
        }

        return sizes.ToImmutable();
    }

    private static long? Count(OpenModel opened, string format, string? quant)
    {
        try
        {
            return ExportFormats.Find(format)
                .Create(opened, new ExportRequest(string.Empty, ScalarType.Float16, quant, Verify: false)).CountBytes();
        }
        catch (ConfigurationException)
        {
            return null;
        }
    }
}
