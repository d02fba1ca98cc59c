using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;

namespace Hypercompress.Exports.Onnx;

/// <summary>
/// The files of a graph, under the names that transformers.js looks for: <c>onnx/model.onnx</c> in single precision,
/// with <c>_fp16</c> in half precision, <c>_q4</c> with integer codes and <c>_q4f16</c> with both; the weights lie
/// beside it with <c>_data</c> behind the name.
/// </summary>
/// <param name="DataType">What transformers.js calls the numbers: fp32, fp16, q4 or q4f16.</param>
internal sealed record OnnxFiles(string DataType)
{
    private const string Folder = "onnx";
    private const string Ending = ".onnx";
    private const string Single = "fp32";

    private string Name => DataType == Single ? $"model{Ending}" : $"model_{DataType}{Ending}";

    /// <summary>The graph inside the folder of the model, with forward slashes.</summary>
    public string Graph => $"{Folder}/{Name}";

    /// <summary>The files of a graph.</summary>
    /// <param name="type">What it computes in.</param>
    /// <param name="quant">How codes are exported.</param>
    public static OnnxFiles Of(OnnxType type, OnnxQuant quant) => new((type, quant) switch
    {
        (OnnxType.Float, OnnxQuant.None) => Single,
        (_, OnnxQuant.None) => "fp16",
        (OnnxType.Float, _) => "q4",
        _ => "q4f16",
    });

    /// <summary>The file of weights that belongs to a graph.</summary>
    /// <param name="graph">Path of the graph.</param>
    public static string DataOf(string graph) => graph + "_data";

    /// <summary>The graph in the folder of a model.</summary>
    /// <param name="model">The folder.</param>
    /// <exception cref="CheckpointException">There is no graph in it, or more than one.</exception>
    public static string Find(string model)
    {
        string folder = Path.Combine(model, Folder);
        string[] graphs = Directory.Exists(folder) ? Directory.GetFiles(folder, $"*{Ending}") : [];
        return graphs.Length == 1 ? graphs[0]
            : throw new CheckpointException(folder, $"holds {graphs.Length} graphs where one is expected");
    }

    /// <summary>Makes the place for the graph.</summary>
    /// <param name="model">The folder of the model.</param>
    /// <returns>Path of the graph.</returns>
    public string Prepare(string model)
    {
        Directory.CreateDirectory(Path.Combine(model, Folder));
        return Path.Combine(model, Folder, Name);
    }

    /// <summary>What transformers.js reads in the model's configuration: which graph to open, and how.</summary>
    public JsonObject Configuration() => new()
    {
        ["dtype"] = DataType,
        ["use_external_data_format"] = new JsonObject { [Name] = 1 },
        ["kv_cache_dtype"] = new JsonObject { ["fp16"] = "float16", ["q4f16"] = "float16" },
    };
}
