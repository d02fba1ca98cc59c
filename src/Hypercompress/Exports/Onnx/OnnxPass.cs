using Hypercompress.Models.Architectures;

namespace Hypercompress.Exports.Onnx;

/// <summary>The inputs of a pass through a graph, and what is computed from them once for all layers.</summary>
internal sealed class OnnxPass
{
    private readonly OnnxParts _parts;
    private readonly Dictionary<RopeSettings, OnnxRotary> _rotaries = [];
    private readonly Dictionary<int, string> _masks = [];
    private readonly string _mask;
    private readonly string _total;
    private readonly string _past;

    /// <summary>Declares the inputs.</summary>
    /// <param name="parts">Parts that all layers share.</param>
    public OnnxPass(OnnxParts parts)
    {
        (_parts, OnnxGraph graph) = (parts, parts.Graph);
        Ids = graph.Input("input_ids", OnnxType.Int64, "batch_size", "sequence_length");
        _mask = graph.Input("attention_mask", OnnxType.Int64, "batch_size", "total_sequence_length");
        Positions = graph.Input("position_ids", OnnxType.Int64, "batch_size", "sequence_length");
        _total = SizeOf(_mask);
        _past = graph.Node("Sub", [_total, SizeOf(Ids)]);
    }

    /// <summary>int64 [batch, tokens].</summary>
    public string Ids { get; }

    /// <summary>int64 [batch, tokens].</summary>
    public string Positions { get; }

    /// <summary>A rotation of these tokens.</summary>
    /// <param name="rope">The rotation, or null.</param>
    public OnnxRotary? Rotary(RopeSettings? rope)
    {
        if (rope is null)
        {
            return null;
        }

        if (!_rotaries.TryGetValue(rope, out OnnxRotary? rotary))
        {
            rotary = new OnnxRotary(
                _parts.Graph, rope, _parts.Config.HeadDimension, Positions, _total, $"rotary.{_rotaries.Count}",
                _parts.FromSingle);
            _rotaries.Add(rope, rotary);
        }

        return rotary;
    }

    /// <summary>Who sees whom.</summary>
    /// <param name="window">How many of the latest tokens are seen; null for all.</param>
    /// <returns>bool [batch, 1, 1, tokens, all tokens].</returns>
    public string Mask(int? window)
    {
        if (!_masks.TryGetValue(window ?? 0, out string? mask))
        {
            mask = MakeMask(window);
            _masks.Add(window ?? 0, mask);
        }

        return mask;
    }

    private string MakeMask(int? window)
    {
        OnnxGraph graph = _parts.Graph;
        (string zero, string one) = (graph.Integer(0), graph.Integer(1));
        string rows = graph.Node("Unsqueeze", [graph.Node("Range", [_past, _total, one]), graph.Integers(1)]);
        string columns = graph.Node("Unsqueeze", [graph.Node("Range", [zero, _total, one]), graph.Integers(0)]);
        string seen = graph.Node("LessOrEqual", [columns, rows]);
        if (window is { } width)
        {
            string oldest = graph.Node("Sub", [rows, graph.Integer(width)]);
            seen = graph.Node("And", [seen, graph.Node("Greater", [columns, oldest])]);
        }

        string given = graph.Node("Cast", [_mask], ("to", (long)OnnxType.Bool));
        return graph.Node("And", [seen, graph.Node("Unsqueeze", [given, graph.Integers(1, 2, 3)])]);
    }

    private string SizeOf(string input) => _parts.Graph.Node(
        "Gather", [_parts.Graph.Node("Shape", [input]), _parts.Graph.Integer(1)], ("axis", 0));
}
