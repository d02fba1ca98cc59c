using Hypercompress.Exports.Gguf;
using Hypercompress.Exports.HuggingFace;
using Hypercompress.Exports.Onnx;
using Hypercompress.Exports.Torch;

namespace Hypercompress.Exports.Registry;

/// <summary>The formats that models are exported to.</summary>
public static class ExportFormats
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ExportFormat> All { get; } =
    [
        new("hf", string.Empty, ["keep"], (opened, request) => new FactoredExport(opened, request)),
        new("hf-dense", string.Empty, [], (opened, request) => new DenseExport(opened, request.Type)),
        new("hf-quant", string.Empty, QuantizedExport.Quants, (opened, request) =>
            new QuantizedExport(opened, request)),
        new("gguf", ".gguf", [.. GgufExport.Types.Keys], (opened, request) => new GgufExport(opened, request)),
        new("onnx", string.Empty, OnnxExport.Quants, (opened, request) => new OnnxExport(opened, request)),
        new("pt", ".pt", [TorchExport.Keep], (opened, request) => new TorchExport(opened, request)),
    ];

    /// <summary>Finds a format.</summary>
    /// <param name="name">One of the names in <see cref="All"/>.</param>
    /// <returns>The format.</returns>
    public static ExportFormat Find(string name) => All.First(format => format.Name == name);
}
