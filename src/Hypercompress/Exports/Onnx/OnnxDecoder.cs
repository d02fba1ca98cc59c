using Hypercompress.Models.Architectures;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;

namespace Hypercompress.Exports.Onnx;

/// <summary>Puts a whole decoder into a graph with the inputs and outputs that onnxruntime-genai asks for.</summary>
/// <param name="parts">The parts of the model.</param>
internal sealed class OnnxDecoder(OnnxParts parts)
{
    private readonly OnnxGraph _graph = parts.Graph;
    private readonly DecoderConfig _config = parts.Config;

    /// <summary>Builds the graph.</summary>
    public void Build()
    {
        var pass = new OnnxPass(parts);
        string hidden = Embed(pass);
        for (int layer = 0; layer < _config.Layers; layer++)
        {
            hidden = Layer(hidden, layer, pass);
        }

        string logits = parts.ToSingle(Head(parts.Norm(TensorRole.FinalNorm, null, hidden)));
        string capped = _config.LogitSoftCap is { } cap ? parts.SoftCap(logits, cap) : logits;
        _graph.Output(capped, "logits", OnnxType.Float, "batch_size", "sequence_length", _config.VocabularySize);
    }

    private string Embed(OnnxPass pass)
    {
        string rows = parts.Matrices.Gather(
            DecoderLayout.EmbeddingName, parts.Matrix(DecoderLayout.EmbeddingName), pass.Ids);
        string scaled = _config.EmbeddingScale == 1
            ? rows
            : _graph.Node("Mul", [rows, _graph.Real(_config.EmbeddingScale, parts.Type)]);
        return parts.Positions() is { } table
            ? _graph.Node("Add", [scaled, _graph.Node("Gather", [table, pass.Positions])])
            : scaled;
    }

    private string Layer(string x, int layer, OnnxPass pass)
    {
        string made = new OnnxAttention(parts, layer).Apply(parts.Norm(TensorRole.AttentionNorm, layer, x), pass);
        string attended = _graph.Node("Add", [x, parts.Norm(TensorRole.AttentionPostNorm, layer, made)]);
        string read = _config.ParallelResidual ? x : attended;
        string fed = FeedForward(parts.Norm(TensorRole.MlpNorm, layer, read), layer);
        return _graph.Node("Add", [attended, parts.Norm(TensorRole.MlpPostNorm, layer, fed)]);
    }

    private string FeedForward(string x, int layer)
    {
        string up = parts.Linear(TensorRole.Up, layer, x);
        string inner = parts.Has(TensorRole.Gate)
            ? _graph.Node("Mul", [Activate(parts.Linear(TensorRole.Gate, layer, x)), up])
            : Activate(up);
        return parts.Linear(TensorRole.Down, layer, inner);
    }

    private string Activate(string x) => _config.Activation switch
    {
        Activation.Silu => _graph.Node("Mul", [x, _graph.Node("Sigmoid", [x])]),
        Activation.Gelu => _graph.Node("Gelu", [x], ("approximate", "none")),
        Activation.GeluTanh => _graph.Node("Gelu", [x], ("approximate", "tanh")),
        Activation.QuickGelu => _graph.Node(
            "Mul", [x, _graph.Node("Sigmoid", [_graph.Node("Mul", [x, _graph.Real(1.702, parts.Type)])])]),
        Activation.SquaredRelu => Squared(_graph.Node("Relu", [x])),
        Activation.Tanh => _graph.Node("Tanh", [x]),
        _ => _graph.Node("Relu", [x]),
    };

    private string Squared(string x) => _graph.Node("Mul", [x, x]);

    private string Head(string hidden) => _config.TieEmbeddings
        ? parts.Matrices.ApplyTied(DecoderLayout.EmbeddingName, parts.Matrix(DecoderLayout.EmbeddingName), hidden)
        : parts.Matrices.Apply(DecoderLayout.HeadName, parts.Matrix(DecoderLayout.HeadName), hidden);
}
