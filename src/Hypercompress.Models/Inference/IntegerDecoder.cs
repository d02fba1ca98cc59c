using System.Collections.Frozen;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Inference.Batching;
using Hypercompress.Models.Inference.Layers;
using Hypercompress.Models.Kernels;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Reading;
using Hypercompress.Models.Transformer.Rotary;
using Hypercompress.Models.Transformer.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Models.Inference;

/// <summary>
/// Runs a decoder without libtorch: matrices are multiplied as they are stored, whole numbers by whole numbers; norms,
/// rotations and attention in float32. May serve several sessions at a time: tokens that they ask for at the same time
/// are computed together, and are the same as alone.
/// </summary>
public sealed class IntegerDecoder : IDisposable
{
    // Conversations that take turns without their texts being computed again.
    private const int EndedSequences = 4;

    private readonly ModelWeights _weights;
    private readonly WorkerPool _pool;
    private readonly KeptSessions _ended = new(EndedSequences);
    private readonly StepPass _step;

    /// <summary>Takes weights, one after the other.</summary>
    /// <param name="config">Sizes and choices.</param>
    /// <param name="matrix">Gives the matrix of a slot; owned by the decoder from then on.</param>
    /// <param name="vector">Gives a norm, a bias or learned positions, as many numbers as its layout says.</param>
    /// <param name="threads">Threads of all sessions together, at least 1.</param>
    /// <exception cref="ArgumentException">A matrix or vector has another shape than its layout.</exception>
    public IntegerDecoder(
        DecoderConfig config,
        Func<SlotLayout, PackedMatrix> matrix,
        Func<VectorLayout, float[]> vector,
        int threads)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(vector);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Config = config;
        _weights = new ModelWeights(config, matrix, vector);
        _pool = new WorkerPool(threads);
        _step = new StepPass(config, _weights, _pool);
        Steps = new SharedSteps(_step.Run, TimeProvider.System);
        SwitchLength = config.Attention.Select(layer => layer.Rope).OfType<RopeSettings>()
            .Min(rope => new RotaryEmbedding(rope, config.HeadDimension).SwitchLength);
    }

    /// <summary>Packs the weights of a model.</summary>
    /// <param name="model">The model; stays the caller's and may be disposed afterwards.</param>
    /// <param name="threads">Threads of all sessions together, at least 1.</param>
    /// <returns>A decoder that the caller disposes.</returns>
    /// <exception cref="CheckpointException">A coded matrix is malformed.</exception>
    public static IntegerDecoder Of(DecoderModel model, int threads)
    {
        ArgumentNullException.ThrowIfNull(model);
        FrozenDictionary<string, WeightSlot> slots = model.Slots.ToFrozenDictionary(slot => slot.Name);
        FrozenDictionary<string, Parameter> vectors =
            model.NamedVectors.ToFrozenDictionary(pair => pair.Name, pair => pair.Vector);
        return new IntegerDecoder(
            model.Config,
            slot => slots[slot.Name].Matrix.Pack(MemoryUse.Fast),
            vector => Copy(vectors[vector.Name]),
            threads);
    }

    /// <summary>Reads the weights of a checkpoint as they are stored.</summary>
    /// <param name="config">Sizes and choices.</param>
    /// <param name="source">As for <see cref="DecoderModel.Load"/>; stays the caller's.</param>
    /// <param name="threads">Threads of all sessions together, at least 1.</param>
    /// <returns>A decoder that the caller disposes.</returns>
    /// <exception cref="CheckpointException">A tensor is missing or has another shape.</exception>
    public static IntegerDecoder Load(DecoderConfig config, ITensorSource source, int threads)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(source);
        DecoderAssembly.RequireLayers(config, source);
        using var reader = new PackedTensorReader(config, source);
        return new IntegerDecoder(config, reader.Matrix, reader.Vector, threads);
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

    /// <summary>When passes are computed, and which together.</summary>
    internal SharedSteps Steps { get; }

    /// <summary>The weights.</summary>
    internal ModelWeights Weights => _weights;

    /// <summary>Begins a sequence.</summary>
    /// <param name="cache">What is kept of earlier tokens; null for all of it in half precision.</param>
    /// <returns>A sequence without tokens; the caller disposes it.</returns>
    /// <exception cref="ConfigurationException">The options are out of range.</exception>
    public DecoderSession Begin(CacheOptions? cache = null)
    {
        cache ??= new CacheOptions();
        cache.Validate(Config.MaxPositions);
        return new DecoderSession(this, cache);
    }

    /// <summary>Begins a sequence with what is already computed of a text.</summary>
    /// <param name="ids">The text, at least one token.</param>
    /// <param name="cache">As for <see cref="Begin"/>.</param>
    /// <returns>
    /// A sequence of the first tokens of the text, fewer than all, or of none; the caller gives it to
    /// <see cref="End"/>.
    /// </returns>
    internal DecoderSession BeginWith(ReadOnlySpan<int> ids, CacheOptions? cache) =>
        _ended.Take(ids, cache ?? new CacheOptions()) ?? Begin(cache);

    /// <summary>Takes a sequence back, to go on with it when a text begins as it does.</summary>
    /// <param name="session">The sequence.</param>
    internal void End(DecoderSession session)
    {
        Steps.Leave(session);

        // Where earlier tokens are forgotten, or rotated otherwise in a longer text, a beginning is not gone back to.
        if (session.IsWhole && SwitchLength is null && session.Cache.Tokens is null)
        {
            _ended.Keep(session);
        }
        else
        {
            session.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended.Dispose();
        _step.Dispose();
        _pool.Dispose();
        _weights.Dispose();
    }

    private static float[] Copy(Tensor vector)
    {
        using var scope = NewDisposeScope();
        return [.. vector.detach().cpu().data<float>()];
    }
}
