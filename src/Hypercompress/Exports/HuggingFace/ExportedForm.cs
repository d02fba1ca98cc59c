using System.Text.Json.Nodes;
using Hypercompress.NumberFormats;

namespace Hypercompress.Exports.HuggingFace;

/// <summary>
/// The form of a module, or of a part of its rows, in the exported model; an entry of its <c>config.json</c>.
/// </summary>
/// <param name="Kind"><c>dense</c>, <c>low-rank</c>, <c>coded</c> or <c>sparse</c>.</param>
/// <param name="Rows">Output features.</param>
/// <param name="Size">Rank, or number of values that are stored; 0 for other kinds.</param>
/// <param name="Layout">Layout of integer codes; null for other kinds.</param>
internal sealed record ExportedForm(string Kind, long Rows, long Size = 0, CodeLayout? Layout = null)
{
    /// <summary>Every value.</summary>
    public const string Dense = "dense";

    /// <summary>Two linear layers.</summary>
    public const string LowRank = "low-rank";

    /// <summary>Integer codes.</summary>
    public const string Coded = "coded";

    /// <summary>Few values among zeros.</summary>
    public const string Sparse = "sparse";

    /// <summary>The entry.</summary>
    public JsonObject ToJson()
    {
        var entry = new JsonObject { ["kind"] = Kind, ["rows"] = Rows };
        switch (Kind)
        {
            case LowRank:
                entry["rank"] = Size;
                break;
            case Sparse:
                entry["nonzeros"] = Size;
                break;
            case Coded:
                entry["bits"] = Layout!.Bits;
                entry["group"] = Layout.GroupSize;
                entry["affine"] = Layout.IsAffine;
                break;
            default:
                break;
        }

        return entry;
    }

    /// <summary>Reads an entry that <see cref="ToJson"/> wrote.</summary>
    /// <param name="entry">The entry.</param>
    public static ExportedForm Read(JsonNode entry)
    {
        string kind = (string)entry["kind"]!;
        CodeLayout? layout = kind == Coded
            ? new CodeLayout((int)entry["bits"]!, (int)entry["group"]!, (bool)entry["affine"]!)
            : null;
        return new ExportedForm(kind, (long)entry["rows"]!, (long?)(entry["rank"] ?? entry["nonzeros"]) ?? 0, layout);
    }
}
