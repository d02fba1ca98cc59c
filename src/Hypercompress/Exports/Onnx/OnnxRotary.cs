using Hypercompress.Models.Architectures;
using Hypercompress.Models.Transformer.Rotary;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Exports.Onnx;

/// <summary>
/// Cosines and sines of one rotation, computed from positions in the graph: no table limits the length of a text.
/// </summary>
internal sealed class OnnxRotary
{
    private readonly OnnxGraph _graph;
    private readonly string _cosines;
    private readonly string _sines;
    private readonly int _half;
    private readonly int _kept;

    /// <summary>Computes the angles of all tokens of a pass.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="rope">The rotation.</param>
    /// <param name="headDimension">Width of a head.</param>
    /// <param name="positions">int64 [batch, tokens].</param>
    /// <param name="total">int64: tokens up to the last one, earlier ones included.</param>
    /// <param name="name">Tells this rotation from others.</param>
    /// <param name="cast">Converts from single precision to the type of the graph.</param>
    public OnnxRotary(
        OnnxGraph graph,
        RopeSettings rope,
        int headDimension,
        string positions,
        string total,
        string name,
        Func<string, string> cast)
    {
        _graph = graph;
        _half = rope.RotatedValues(headDimension) / 2;
        _kept = headDimension - (2 * _half);
        string single = graph.Node("Cast", [positions], ("to", (long)OnnxType.Float));
        string angles = graph.Node(
            "Mul", [graph.Node("Unsqueeze", [single, graph.Integers(1, 3)]),
                Frequencies(rope, headDimension, total, name)]);
        _cosines = cast(Stretched(graph.Node("Cos", [angles]), rope));
        _sines = cast(Stretched(graph.Node("Sin", [angles]), rope));
    }

    /// <summary>Rotates heads.</summary>
    /// <param name="heads">[batch, heads, tokens, width].</param>
    /// <returns>The same shape.</returns>
    public string Rotate(string heads)
    {
        long[] widths = _kept == 0 ? [_half, _half] : [_half, _half, _kept];
        string[] parts = _graph.Nodes("Split", [heads, _graph.Integers(widths)], widths.Length, ("axis", -1));
        string first = _graph.Node("Sub", [Times(parts[0], _cosines), Times(parts[1], _sines)]);
        string second = _graph.Node("Add", [Times(parts[1], _cosines), Times(parts[0], _sines)]);
        return _graph.Node("Concat", [first, second, .. parts[2..]], ("axis", -1));
    }

    private string Times(string x, string y) => _graph.Node("Mul", [x, y]);

    private string Stretched(string value, RopeSettings rope) => rope.AttentionFactor == 1
        ? value
        : Times(value, _graph.Real(rope.AttentionFactor, OnnxType.Float));

    private string Frequencies(RopeSettings rope, int headDimension, string total, string name)
    {
        var rotary = new RotaryEmbedding(rope, headDimension);
        int trained = rope.OriginalMaxPositions;
        switch (rope.Type)
        {
            case RopeType.LongRope:
                string isLong = _graph.Node("Greater", [total, _graph.Integer(trained)]);
                return _graph.Node(
                    "Where",
                    [isLong, Weight(name + ".long", rotary.Frequencies(trained + 1L)),
                        Weight(name + ".short", rotary.Frequencies(1))]);
            case RopeType.Dynamic:
                return Dynamic(rope, total, name);
            default:
                return Weight(name, rotary.Frequencies(1));
        }
    }

    // θ' = θ · (factor · length / trained − factor + 1)^(d / (d − 2)), and θ'^(−2i / d) = exp(−2i / d · ln θ').
    private string Dynamic(RopeSettings rope, string total, string name)
    {
        double width = 2.0 * _half;
        string length = _graph.Node("Cast", [total], ("to", (long)OnnxType.Float));
        string grown = _graph.Node("Sub",
        [
            Times(length, _graph.Real(rope.Factor / rope.OriginalMaxPositions, OnnxType.Float)),
            _graph.Real(rope.Factor - 1, OnnxType.Float),
        ]);
        string growth = _graph.Node("Max", [grown, _graph.Real(1, OnnxType.Float)]);
        string logarithm = _graph.Node("Add",
        [
            Times(_graph.Node("Log", [growth]), _graph.Real(width / (width - 2), OnnxType.Float)),
            _graph.Real(Math.Log(rope.Theta), OnnxType.Float),
        ]);
        double[] exponents = [.. Enumerable.Range(0, _half).Select(i => -2.0 * i / width)];
        return _graph.Node("Exp", [Times(logarithm, Weight(name + ".exponents", exponents))]);
    }

    private string Weight(string name, IEnumerable<double> values)
    {
        using Tensor numbers = tensor(values.Select(value => (float)value).ToArray());
        return _graph.Weight(name, numbers);
    }
}
