using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Weights;

namespace Hypercompress.Exports.HuggingFace;

/// <summary>A linear module of the stock model that has another form in the export.</summary>
/// <param name="Name">Its name in the stock model.</param>
/// <param name="Columns">Input features.</param>
/// <param name="Heads">In how many blocks of rows its parts alternate; 1 when they are stacked.</param>
/// <param name="Parts">Its parts.</param>
internal sealed record FactoredModule(
    string Name, long Columns, long Heads, ImmutableArray<(SlotPart Placed, ExportedForm Form)> Parts)
{
    /// <summary>Whether it is unchanged from the stock model.</summary>
    public bool IsStock => Parts.All(part => part.Form.Kind == ExportedForm.Dense);

    private bool IsSingle => Parts.Length == 1;

    /// <summary>The entry of <c>config.json</c>.</summary>
    public JsonObject ToJson()
    {
        JsonObject entry = IsSingle ? Parts[0].Form.ToJson() : new JsonObject
        {
            ["kind"] = "stacked",
            ["heads"] = Heads,
            ["parts"] = new JsonArray([.. Parts.Select(part => part.Form.ToJson())]),
        };
        entry["columns"] = Columns;
        return entry;
    }

    /// <summary>The name of a tensor of the stock module that is not a weight.</summary>
    /// <param name="stock">Such as <c>model.layers.0.self_attn.q_proj.bias</c>.</param>
    public string NameOf(string stock) => IsSingle && Parts[0].Form.Kind == ExportedForm.LowRank
        ? stock.Insert(Name.Length, ".second")
        : stock;

    /// <summary>The tensors in place of the weight.</summary>
    /// <param name="tensors">Makes them.</param>
    /// <param name="matrix">The matrix at a place.</param>
    public IEnumerable<TensorToWrite> Tensors(ModuleTensors tensors, Func<string, WeightMatrix> matrix) =>
        Parts.SelectMany((part, index) => tensors.Linear(
            Prefix(Name, index, IsSingle), matrix(part.Placed.Slot), part.Form, part.Placed.Row));

    /// <summary>Name of the module that holds a part.</summary>
    /// <param name="module">Name of the module.</param>
    /// <param name="index">0-based part.</param>
    /// <param name="isSingle">Whether there is but one.</param>
    public static string Prefix(string module, int index, bool isSingle) =>
        isSingle ? module : $"{module}.parts.{index}";
}
