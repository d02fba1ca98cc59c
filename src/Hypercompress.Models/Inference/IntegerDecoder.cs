using Hypercompress.Models.Architectures;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Inference.Layers;
using Hypercompress.Models.Inference.Numerics;
using Hypercompress.Models.Kernels;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Models.Transformer;

namespace Hypercompress.Models.Inference;

/// <summary>
/// Runs a decoder without libtorch: matrices are multiplied as they are stored, whole numbers by whole numbers; norms,
/// rotations and attention in float32. May serve several sessions at a time.
/// </summary>
public sealed unsafe class IntegerDecoder : IDisposable
{
    private readonly ModelWeights _weights;
    private readonly WorkerPool _pool;

    /// <summary>Packs the weights of a model.</summary>
    /// <param name="model">The model; stays the caller's and may be disposed afterwards.</param>
    /// <param name="threads">Threads of all sessions together, at least 1.</param>
    /// <exception cref="CheckpointException">A coded matrix is malformed.</exception>
    public IntegerDecoder(DecoderModel model, int threads)
    {
        ArgumentNullException.ThrowIfNull(model);
        _weights = new ModelWeights(model);
        _pool = new WorkerPool(threads);
        (Config, SwitchLength) = (model.Config, model.SwitchLength);
    }

    /// <summary>Sizes and choices.</summary>
    public DecoderConfig Config { get; }

    /// <summary>Bytes of all matrices in memory.</summary>
    public long WeightBytes => _weights.ByteCount;

    /// <summary>Bytes of matrices that each new token reads.</summary>
    public long BytesPerToken => _weights.BytesPerToken;

    /// <summary>The length beyond which all positions are rotated otherwise; null for none.</summary>
    internal long? SwitchLength { get; }

    /// <summary>The threads.</summary>
    internal WorkerPool Pool => _pool;

    /// <summary>The weights.</summary>
    internal ModelWeights Weights => _weights;

    /// <summary>What a model has that this engine gives up.</summary>
    /// <param name="model">The model.</param>
    /// <returns>A sentence without its end; null when there is nothing.</returns>
    public static string? Loss(DecoderModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        long whole = 2L * model.Config.Layers * model.Config.KeyRows;
        return model.CachedValuesPerToken < whole
            ? "the model caches latents, of which the integer engine keeps the keys and values"
            : null;
    }

    /// <summary>Begins a sequence.</summary>
    /// <param name="format">How keys and values are held.</param>
    /// <returns>A sequence without tokens; the caller disposes it.</returns>
    public DecoderSession Begin(CacheFormat format = CacheFormat.Half) => new(this, format);

    /// <inheritdoc/>
    public void Dispose()
    {
        _pool.Dispose();
        _weights.Dispose();
    }

    /// <summary>Logits of hidden states.</summary>
    /// <param name="products">The products of the caller.</param>
    /// <param name="hidden">States after the final norm, one after the other.</param>
    /// <param name="count">How many.</param>
    /// <param name="logits">Gets the logits, one vocabulary after the other.</param>
    internal void Logits(MatrixProducts products, float* hidden, int count, float* logits)
    {
        int vocabulary = Config.VocabularySize;
        products.Multiply(hidden, count, _weights.Head.Matrix, logits, vocabulary, InputPrecision.Word);
        for (int i = 0; i < count; i++)
        {
            float* own = logits + ((long)i * vocabulary);
            _weights.Head.AddBias(own);
            if (Config.LogitSoftCap is { } cap)
            {
                VectorMath.SoftCap(own, (float)cap, vocabulary);
            }
        }
    }
}
