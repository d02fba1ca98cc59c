using Hypercompress.Models.Architectures;
using Hypercompress.Models.Transformer;

namespace Hypercompress.Exports.Onnx;

/// <summary>
/// Puts the attention of one layer into a graph, with keys and values of earlier tokens as inputs and outputs.
/// </summary>
/// <param name="parts">Parts that all layers share.</param>
/// <param name="layer">0-based layer.</param>
internal sealed class OnnxAttention(OnnxParts parts, int layer)
{
    private const double Lowest = float.MinValue;

    private readonly OnnxGraph _graph = parts.Graph;
    private readonly DecoderConfig _config = parts.Config;

    private LayerAttention Own => _config.Attention[layer];

    private long Group => _config.Heads / _config.KeyValueHeads;

    /// <summary>Attends.</summary>
    /// <param name="x">[batch, tokens, hidden].</param>
    /// <param name="pass">Inputs of the pass.</param>
    /// <returns>[batch, tokens, hidden].</returns>
    public string Apply(string x, OnnxPass pass)
    {
        string queries = Heads(parts.Linear(TensorRole.Query, layer, x), _config.Heads, TensorRole.QueryNorm, pass);
        string[] stacked = _graph.Nodes(
            "Split", [parts.Linear(TensorRole.Key, layer, x), _graph.Integers(_config.KeyRows, _config.KeyRows)], 2,
            ("axis", -1));
        string keys = Heads(stacked[0], _config.KeyValueHeads, TensorRole.KeyNorm, pass);
        string values = Transposed(Split(stacked[1], _config.KeyValueHeads));
        string mixed = Mix(queries, Remember(keys, "key"), Remember(values, "value"), pass);
        string joined = _graph.Node("Reshape", [Transposed(mixed), _graph.Integers(0, 0, _config.QueryRows)]);
        return parts.Linear(TensorRole.AttentionOutput, layer, joined);
    }

    private string Heads(string rows, int heads, TensorRole norm, OnnxPass pass)
    {
        bool isWhole = _config.Family.NormalizesWholeRows;
        string normed = isWhole ? parts.Norm(norm, layer, rows) : rows;
        string split = Split(normed, heads);
        string turned = Transposed(isWhole ? split : parts.Norm(norm, layer, split));
        return pass.Rotary(Own.Rope)?.Rotate(turned) ?? turned;
    }

    private string Split(string rows, int heads) =>
        _graph.Node("Reshape", [rows, _graph.Integers(0, 0, heads, _config.HeadDimension)]);

    private string Transposed(string x) => _graph.Node("Transpose", [x], ("perm", new long[] { 0, 2, 1, 3 }));

    private string Remember(string heads, string what)
    {
        (int count, int width) = (_config.KeyValueHeads, _config.HeadDimension);
        string past = _graph.Input(
            $"past_key_values.{layer}.{what}", parts.Type, "batch_size", count, "past_sequence_length", width);
        string present = _graph.Node("Concat", [past, heads], ("axis", 2));
        _graph.Output(
            present, $"present.{layer}.{what}", parts.Type, "batch_size", count, "total_sequence_length", width);
        return present;
    }

    // The heads that share keys and values are a dimension of their own, so that these are not repeated.
    private string Mix(string queries, string keys, string values, OnnxPass pass)
    {
        string scaled = _graph.Node("Mul", [queries, _graph.Real(Own.Scale, parts.Type)]);
        string grouped = _graph.Node(
            "Reshape", [scaled, _graph.Integers(0, _config.KeyValueHeads, Group, -1, _config.HeadDimension)]);
        string turned = _graph.Node("Transpose", [Unsqueezed(keys)], ("perm", new long[] { 0, 1, 2, 4, 3 }));
        string products = parts.ToSingle(_graph.Node("MatMul", [grouped, turned]));
        string capped = _config.AttentionSoftCap is { } cap ? parts.SoftCap(products, cap) : products;
        string seen = _graph.Node("Where", [pass.Mask(Own.Window), capped, _graph.Real(Lowest, OnnxType.Float)]);
        string shares = parts.FromSingle(_graph.Node("Softmax", [seen], ("axis", -1)));
        string mixed = _graph.Node("MatMul", [shares, Unsqueezed(values)]);
        return _graph.Node("Reshape", [mixed, _graph.Integers(0, _config.Heads, -1, _config.HeadDimension)]);
    }

    private string Unsqueezed(string x) => _graph.Node("Unsqueeze", [x, _graph.Integers(2)]);
}
