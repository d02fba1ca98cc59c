using System.Collections.Frozen;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Weights;
using TorchSharp.Modules;

namespace Hypercompress.Exports.Onnx;

/// <summary>The parts of a decoder by their role, on their way into a graph.</summary>
internal sealed class OnnxParts
{
    private readonly FrozenDictionary<string, WeightSlot> _slots;
    private readonly FrozenDictionary<string, Parameter> _vectors;
    private readonly OnnxNorms _norms;

    /// <summary>Starts.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="model">The model.</param>
    /// <param name="type">Single or half precision: what the graph computes in.</param>
    /// <param name="quant">How integer codes are exported.</param>
    public OnnxParts(OnnxGraph graph, DecoderModel model, OnnxType type, OnnxQuant quant)
    {
        (Graph, Config, Type) = (graph, model.Config, type);
        Matrices = new OnnxMatrices(graph, type, quant);
        _slots = model.Slots.ToFrozenDictionary(slot => slot.Name);
        _vectors = model.NamedVectors.ToFrozenDictionary(pair => pair.Name, pair => pair.Vector);
        _norms = new OnnxNorms(graph, model.Config, type);
    }

    /// <summary>The graph.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>Sizes and choices.</summary>
    public DecoderConfig Config { get; }

    /// <summary>The type in which the graph computes.</summary>
    public OnnxType Type { get; }

    /// <summary>Puts matrices into the graph.</summary>
    public OnnxMatrices Matrices { get; }

    /// <summary>The matrix at a place.</summary>
    /// <param name="name">Name of the place.</param>
    public WeightMatrix Matrix(string name) => _slots[name].Matrix;

    /// <summary>Whether layers have something.</summary>
    /// <param name="role">Its role.</param>
    public bool Has(TensorRole role) => _slots.ContainsKey(DecoderNames.Of(role, 0));

    /// <summary>x Wᵀ + b.</summary>
    /// <param name="role">The role of W.</param>
    /// <param name="layer">0-based layer.</param>
    /// <param name="x">[batch, tokens, columns].</param>
    public string Linear(TensorRole role, int layer, string x)
    {
        string name = DecoderNames.Of(role, layer);
        string product = Matrices.Apply(name, Matrix(name), x);
        return _vectors.TryGetValue(name + ".bias", out Parameter? bias)
            ? Graph.Node("Add", [product, Matrices.Bias(name + ".bias", bias)])
            : product;
    }

    /// <summary>A norm, where the decoder has it.</summary>
    /// <param name="role">Which norm.</param>
    /// <param name="layer">0-based layer, or null outside the layers.</param>
    /// <param name="x">[..., width].</param>
    /// <returns>The normalised value, or the value itself.</returns>
    public string Norm(TensorRole role, int? layer, string x)
    {
        string name = DecoderNames.Of(role, layer);
        return _vectors.TryGetValue(name + ".weight", out Parameter? weight)
            ? _norms.Apply(x, name, weight, _vectors.GetValueOrDefault(name + ".bias"))
            : x;
    }

    /// <summary>Learned positions [positions, hidden], or null.</summary>
    public string? Positions()
    {
        string name = DecoderNames.Of(TensorRole.Positions, null) + ".weight";
        if (!_vectors.TryGetValue(name, out Parameter? table))
        {
            return null;
        }

        using var rows = table.view(Config.MaxPositions, Config.HiddenSize);
        return Matrices.Bias(name, rows);
    }

    /// <summary>cap · tanh(x / cap).</summary>
    /// <param name="x">In single precision.</param>
    /// <param name="cap">The cap.</param>
    public string SoftCap(string x, double cap)
    {
        string limit = Graph.Real(cap, OnnxType.Float);
        return Graph.Node("Mul", [Graph.Node("Tanh", [Graph.Node("Div", [x, limit])]), limit]);
    }

    /// <summary>Converts to single precision.</summary>
    /// <param name="x">In the type of the graph.</param>
    public string ToSingle(string x) => _norms.Cast(x, OnnxType.Float);

    /// <summary>Converts to the type of the graph.</summary>
    /// <param name="x">In single precision.</param>
    public string FromSingle(string x) => _norms.Cast(x, Type);
}
