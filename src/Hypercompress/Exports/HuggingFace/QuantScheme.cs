using System.Text.Json.Nodes;

namespace Hypercompress.Exports.HuggingFace;

/// <summary>
/// How one layer is quantized, in the words of compressed-tensors: symmetric integers with a scale a group or a row.
/// </summary>
/// <param name="Bits">4 or 8.</param>
/// <param name="GroupSize">Values that share a scale; null for a whole row.</param>
internal sealed record QuantScheme(int Bits, int? GroupSize)
{
    /// <summary>An entry of <c>config_groups</c>.</summary>
    /// <param name="targets">The layers that have it.</param>
    public JsonObject ToJson(IEnumerable<string> targets) => new()
    {
        ["targets"] = new JsonArray([.. targets.Select(name => (JsonNode)name)]),
        ["weights"] = new JsonObject
        {
            ["num_bits"] = Bits,
            ["type"] = "int",
            ["symmetric"] = true,
            ["strategy"] = GroupSize is null ? "channel" : "group",
            ["group_size"] = GroupSize,
            ["dynamic"] = false,
            ["actorder"] = null,
            ["observer"] = "minmax",
            ["observer_kwargs"] = new JsonObject(),
            ["block_structure"] = null,
        },
        ["input_activations"] = null,
        ["output_activations"] = null,
    };

    /// <inheritdoc/>
    public override string ToString() =>
        GroupSize is { } size ? $"{Bits} bits in groups of {size}" : $"{Bits} bits by rows";
}
