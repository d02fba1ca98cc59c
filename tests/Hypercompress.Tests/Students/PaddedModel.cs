using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Students;

/// <summary>The tiny model with an embedding of more rows than there are tokens.</summary>
internal static class PaddedModel
{
    public static string Write(string folder, int rows)
    {
        TinyCheckpoint.Write(folder, change: (name, values) => name == "model.embed_tokens.weight"
            ? cat([values, zeros([rows - values.shape[0], values.shape[1]], values.dtype)])
            : values);
        string file = Path.Combine(folder, "config.json");
        JsonNode config = JsonNode.Parse(File.ReadAllText(file))!;
        config["vocab_size"] = rows;
        File.WriteAllText(file, config.ToJsonString());
        return folder;
    }
}
