using System.Collections.Frozen;
using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Inference.Numerics;
using Hypercompress.Models.Kernels;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Models.Transformer.Layout;

namespace Hypercompress.Models.Inference.Layers;

/// <summary>All weights of a decoder as they are multiplied; owns the matrices.</summary>
internal sealed class ModelWeights : IDisposable
{
    private readonly DecoderConfig _config;
    private readonly FrozenDictionary<string, PackedMatrix> _matrices;
    private readonly FrozenDictionary<string, float[]> _vectors;

    /// <summary>Takes the weights, one after the other.</summary>
    /// <param name="config">Sizes and choices.</param>
    /// <param name="matrix">Gives the matrix of a slot; owned from then on.</param>
    /// <param name="vector">Gives a norm, a bias or learned positions.</param>
    /// <exception cref="ArgumentException">A matrix or vector has another shape than its layout.</exception>
    public ModelWeights(
        DecoderConfig config, Func<SlotLayout, PackedMatrix> matrix, Func<VectorLayout, float[]> vector)
    {
        _config = config;
        var layout = new DecoderLayout(config);
        var matrices = new Dictionary<string, PackedMatrix>(StringComparer.Ordinal);
        var vectors = new Dictionary<string, float[]>(StringComparer.Ordinal);
        try
        {
            foreach (SlotLayout slot in layout.Slots)
            {
                matrices.Add(slot.Name, matrix(slot));
                RequireShape(slot, matrices[slot.Name]);
            }

            foreach (VectorLayout wanted in layout.Vectors)
            {
                vectors.Add(wanted.Name, vector(wanted));
                RequireLength(wanted, vectors[wanted.Name]);
            }
        }
        catch
        {
            Array.ForEach([.. matrices.Values], made => made.Dispose());
            throw;
        }

        SpareMemory.Free();
        (_matrices, _vectors) = (matrices.ToFrozenDictionary(), vectors.ToFrozenDictionary());
        Embedding = _matrices[DecoderLayout.EmbeddingName];
        Head = _config.TieEmbeddings ? new PackedLinear(Embedding, null) : Linear(DecoderLayout.HeadName);
        FinalNorm = Norm(TensorRole.FinalNorm, null)!;
        Positions = _vectors.GetValueOrDefault(DecoderNames.Of(TensorRole.Positions, null) + ".weight");
        Layers = [.. Enumerable.Range(0, _config.Layers).Select(Layer)];
    }

    /// <summary>The token embedding.</summary>
    public PackedMatrix Embedding { get; }

    /// <summary>The output projection.</summary>
    public PackedLinear Head { get; }

    /// <summary>The norm after the last layer.</summary>
    public VectorNorm FinalNorm { get; }

    /// <summary>Learned positions, row by row; null for none.</summary>
    public float[]? Positions { get; }

    /// <summary>The layers.</summary>
    public ImmutableArray<LayerWeights> Layers { get; }

    /// <summary>Bytes of all matrices in memory.</summary>
    public long ByteCount => _matrices.Values.Sum(matrix => matrix.ByteCount);

    /// <summary>
    /// Bytes of matrices that a token reads: all but the embedding, which is read when it is the head.
    /// </summary>
    public long BytesPerToken =>
        Head.Matrix.ByteCount + Layers.SelectMany(layer => layer.Linears).Sum(linear => linear.Matrix.ByteCount);

    /// <summary>Logits of hidden states.</summary>
    /// <param name="products">The products of the caller.</param>
    /// <param name="hidden">States after the final norm, one after the other.</param>
    /// <param name="count">How many.</param>
    /// <param name="logits">Gets the logits, one vocabulary after the other.</param>
    public unsafe void Logits(MatrixProducts products, float* hidden, int count, float* logits)
    {
        int vocabulary = _config.VocabularySize;
        products.Multiply(hidden, count, Head.Matrix, logits, vocabulary, InputPrecision.Word);
        for (int i = 0; i < count; i++)
        {
            float* own = logits + ((long)i * vocabulary);
            Head.AddBias(own);
            if (_config.LogitSoftCap is { } cap)
            {
                VectorMath.SoftCap(own, (float)cap, vocabulary);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PackedMatrix matrix in _matrices.Values)
        {
            matrix.Dispose();
        }
    }

    private static void RequireShape(SlotLayout slot, PackedMatrix matrix)
    {
        if (matrix.Rows != slot.Rows || matrix.Columns != slot.Columns)
        {
            throw new ArgumentException(
                $"{slot.Name} must be [{slot.Rows}, {slot.Columns}], found [{matrix.Rows}, {matrix.Columns}]");
        }
    }

    private static void RequireLength(VectorLayout wanted, float[] vector)
    {
        if (vector.Length != wanted.Length)
        {
            throw new ArgumentException($"{wanted.Name} must have {wanted.Length} numbers, found {vector.Length}");
        }
    }

    private LayerWeights Layer(int layer) => new()
    {
        Query = Linear(DecoderNames.Of(TensorRole.Query, layer)),
        KeyValue = Linear(DecoderNames.Of(TensorRole.Key, layer)),
        Output = Linear(DecoderNames.Of(TensorRole.AttentionOutput, layer)),
        Gate = _matrices.ContainsKey(DecoderNames.Of(TensorRole.Gate, layer))
            ? Linear(DecoderNames.Of(TensorRole.Gate, layer))
            : null,
        Up = Linear(DecoderNames.Of(TensorRole.Up, layer)),
        Down = Linear(DecoderNames.Of(TensorRole.Down, layer)),
        AttentionNorm = Norm(TensorRole.AttentionNorm, layer),
        AttentionPostNorm = Norm(TensorRole.AttentionPostNorm, layer),
        MlpNorm = Norm(TensorRole.MlpNorm, layer),
        MlpPostNorm = Norm(TensorRole.MlpPostNorm, layer),
        QueryNorm = Norm(TensorRole.QueryNorm, layer),
        KeyNorm = Norm(TensorRole.KeyNorm, layer),
    };

    private PackedLinear Linear(string name) => new(_matrices[name], _vectors.GetValueOrDefault(name + ".bias"));

    private VectorNorm? Norm(TensorRole role, int? layer)
    {
        string name = DecoderNames.Of(role, layer);
        return _vectors.TryGetValue(name + ".weight", out float[]? weight)
            ? new VectorNorm(
                _config.Family.Norm, weight, _vectors.GetValueOrDefault(name + ".bias"), _config.NormEpsilon)
            : null;
    }
}
