using Hypercompress.Models.Architectures;
using static TorchSharp.torch;

namespace Hypercompress.Exports.Onnx;

/// <summary>Puts norms into a graph. They are computed in single precision, whatever the graph computes in.</summary>
/// <param name="graph">The graph.</param>
/// <param name="config">How the decoder normalises.</param>
/// <param name="type">Single or half precision: what the graph computes in.</param>
internal sealed class OnnxNorms(OnnxGraph graph, DecoderConfig config, OnnxType type)
{
    /// <summary>Normalises the last dimension.</summary>
    /// <param name="x">[..., width].</param>
    /// <param name="name">Name of the norm.</param>
    /// <param name="weight">float32 [width].</param>
    /// <param name="bias">float32 [width], or null.</param>
    /// <returns>The same shape and type.</returns>
    public string Apply(string x, string name, Tensor weight, Tensor? bias)
    {
        string single = Cast(x, OnnxType.Float);
        string result = config.Family.Norm == NormKind.Layer
            ? Layer(single, name, weight, bias)
            : Rms(single, name, weight);
        return Cast(result, type);
    }

    /// <summary>Converts, where that is needed.</summary>
    /// <param name="x">A value in single precision or the type of the graph.</param>
    /// <param name="wanted">Single or half precision.</param>
    public string Cast(string x, OnnxType wanted) =>
        type == OnnxType.Float ? x : graph.Node("Cast", [x], ("to", (long)wanted));

    private string Layer(string x, string name, Tensor weight, Tensor? bias)
    {
        string[] inputs = [x, graph.Weight(name + ".weight", weight)];
        return graph.Node(
            "LayerNormalization",
            bias is null ? inputs : [.. inputs, graph.Weight(name + ".bias", bias)],
            ("axis", -1),
            ("epsilon", config.NormEpsilon));
    }

    private string Rms(string x, string name, Tensor weight)
    {
        using Tensor factor = config.Family.Norm == NormKind.RmsPlusOne ? 1 + weight : weight.alias();
        string mean = graph.Node("ReduceMean", [graph.Node("Mul", [x, x]), graph.Integers(-1)], ("keepdims", 1));
        string root = graph.Node("Sqrt", [graph.Node("Add", [mean, graph.Real(config.NormEpsilon, OnnxType.Float)])]);
        return graph.Node("Mul", [graph.Node("Div", [x, root]), graph.Weight(name + ".weight", factor)]);
    }
}
