using System.Collections.Frozen;
using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Native;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Packing;
using Hypercompress.Models.Transformer.Passes;
using Hypercompress.Models.Transformer.Reading;
using Hypercompress.Models.Transformer.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>
/// A decoder-only language model: every weight matrix is a <see cref="WeightMatrix"/> in a <see cref="WeightSlot"/>, so
/// its form can be exchanged; norms, biases and learned positions are plain vectors. Computes in float32. Gradients
/// flow to whatever parameter asks for them; callers that only infer wrap their calls in <see cref="no_grad"/>.
/// </summary>
public sealed class DecoderModel : IDisposable
{
    private readonly ImmutableArray<VectorSlot> _vectors;
    private readonly DecoderNetwork _network;

    private DecoderModel(DecoderConfig config, ImmutableArray<WeightSlot> slots, ImmutableArray<VectorSlot> vectors)
    {
        TensorMemory.Keep();
        (Config, Slots, _vectors) = (config, slots, vectors);
        _network = new DecoderNetwork(config, slots, vectors);
    }

    /// <summary>Sizes and choices.</summary>
    public DecoderConfig Config { get; }

    /// <summary>
    /// All weight matrices in a fixed order: embedding; per layer query, key/value, attention output, gate where there
    /// is one, up, down; the head when it is not tied. Their names are the same for all families.
    /// </summary>
    public IReadOnlyList<WeightSlot> Slots { get; }

    /// <summary>
    /// Norms and biases by name, such as <c>model.layers.0.input_layernorm.weight</c>; the biases of keys and values
    /// are one vector <c>model.layers.0.self_attn.kv_proj.bias</c>, learned positions, row by row,
    /// <c>model.embed_positions.weight</c>.
    /// </summary>
    public IReadOnlyList<(string Name, Parameter Vector)> NamedVectors =>
        [.. _vectors.Select(vector => (vector.Name, vector.Value))];

    /// <summary>Everything that training may change, each once.</summary>
    public IEnumerable<Parameter> Parameters =>
        Slots.SelectMany(slot => slot.Matrix.Parameters).Concat(_vectors.Select(vector => vector.Value));

    /// <summary>Number of weights that the model has when all matrices are dense; a tied head counts once.</summary>
    public long ParameterCount =>
        Slots.Sum(slot => slot.Matrix.Rows * slot.Matrix.Columns)
        + _vectors.Sum(vector => vector.Value.NumberOfElements);

    /// <summary>Values that a <see cref="KvCache"/> keeps per token, over all layers.</summary>
    public long CachedValuesPerToken => _network.CachedValuesPerToken;

    /// <summary>
    /// The length of a sequence beyond which all its positions are rotated otherwise; null when there is none.
    /// </summary>
    internal long? SwitchLength => _network.SwitchLength;

    /// <summary>
    /// Computes passes in place of libtorch; null for libtorch. Passes with a cache, a tap, a tree or gradients are
    /// refused while there is one.
    /// </summary>
    public IDecoderEngine? Engine { get; set; }

    /// <summary>Where the model computes.</summary>
    public Device Device { get; private set; } = CPU;

    /// <summary>
    /// Builds a model of dense matrices from a checkpoint with Hugging Face names, one tensor at a time.
    /// </summary>
    /// <param name="config">Sizes and choices.</param>
    /// <param name="source">
    /// The checkpoint; a tied model may have the embedding, the head, or both (then the embedding is taken).
    /// </param>
    /// <returns>A model on the CPU, widened to float32; nothing in it asks for gradients.</returns>
    /// <exception cref="CheckpointException">A tensor is missing or has another shape.</exception>
    public static DecoderModel Load(DecoderConfig config, ITensorSource source)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(source);
        DecoderAssembly.RequireLayers(config, source);
        using var reader = new DecoderTensorReader(config, source);
        return Assemble(config, reader.Matrix, reader.Vector);
    }

    /// <summary>
    /// Builds a model whose matrices are held as the checkpoint stores them, for inference without libtorch: blocks of
    /// codes stay codes, numbers of 16 bits stay such. Computing with libtorch works too, but widens them every time.
    /// </summary>
    /// <param name="config">Sizes and choices.</param>
    /// <param name="source">As for <see cref="Load"/>.</param>
    /// <returns>A model on the CPU; nothing in its matrices trains.</returns>
    /// <exception cref="CheckpointException">A tensor is missing or has another shape.</exception>
    public static DecoderModel LoadPacked(DecoderConfig config, ITensorSource source)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(source);
        DecoderAssembly.RequireLayers(config, source);
        using var reader = new PackedTensorReader(config, source);
        return Assemble(
            config, slot => new PackedWeight(reader.Matrix(slot)), vector => tensor(reader.Vector(vector)));
    }

    /// <summary>
    /// Builds a model whose matrices stay in the checkpoint and are read when they are used, for models that are larger
    /// than memory; the ones used last wait in <see cref="TensorPool"/>. It computes the same numbers as a model of
    /// <see cref="Load"/>.
    /// </summary>
    /// <param name="config">Sizes and choices.</param>
    /// <param name="source">
    /// As for <see cref="Load"/>; must stay open and unchanged for as long as the model is used.
    /// </param>
    /// <returns>A model on the CPU; nothing in its matrices trains.</returns>
    /// <exception cref="CheckpointException">A norm or bias is missing or has another shape.</exception>
    public static DecoderModel LoadStreamed(DecoderConfig config, ITensorSource source)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(source);
        DecoderAssembly.RequireLayers(config, source);
        var reader = new DecoderTensorReader(config, source, streams: true);
        return Assemble(config, reader.Matrix, reader.Vector);
    }

    /// <summary>Builds a model from matrices of any form.</summary>
    /// <param name="config">Sizes and choices.</param>
    /// <param name="matrix">Gives the matrix of a slot; owned by the model from then on.</param>
    /// <param name="vector">Gives a norm or bias as float32 [length]; emptied, owned by the model from then on.</param>
    /// <returns>A model on the CPU.</returns>
    /// <exception cref="ArgumentException">A matrix or vector has another shape than its layout.</exception>
    public static DecoderModel Assemble(
        DecoderConfig config, Func<SlotLayout, WeightMatrix> matrix, Func<VectorLayout, Tensor> vector)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(vector);
        (ImmutableArray<WeightSlot> slots, ImmutableArray<VectorSlot> vectors) =
            DecoderAssembly.Make(config, matrix, vector);
        try
        {
            return new DecoderModel(config, slots, vectors);
        }
        catch
        {
            DecoderAssembly.Release(slots, vectors);
            throw;
        }
    }

    /// <summary>A model with copies of the norms and biases and with other matrices.</summary>
    /// <param name="matrix">Gives the new matrix for each slot of this model; owned by the new model.</param>
    /// <returns>A model of its own, on the CPU; this one stays as it is.</returns>
    /// <exception cref="ArgumentException">A matrix has another shape than the one it stands for.</exception>
    public DecoderModel WithMatrices(Func<WeightSlot, WeightMatrix> matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        FrozenDictionary<string, WeightSlot> slots = Slots.ToFrozenDictionary(slot => slot.Name);
        FrozenDictionary<string, VectorSlot> vectors = _vectors.ToFrozenDictionary(vector => vector.Name);
        return Assemble(config: Config, slot => matrix(slots[slot.Name]), vector => Copy(vectors[vector.Name].Value));
    }

    /// <summary>Logits of every position.</summary>
    /// <param name="ids">int64 [batch, tokens], at least one token, each id in [0, vocabulary).</param>
    /// <param name="cache">
    /// Earlier tokens, or null; the tokens are appended to it. Keys of dynamically stretched rotary embeddings keep the
    /// rotation of the pass that made them, as transformers does (a latent cache rotates anew in every pass). Where
    /// another rotation holds beyond some length, earlier tokens are computed again when a sequence exceeds it.
    /// </param>
    /// <param name="tap">
    /// Watches the pass, or null. It runs inside the pass's dispose scopes: what it makes and keeps it must detach.
    /// </param>
    /// <returns>float32 [batch, tokens, vocabulary]; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">
    /// The ids are not int64 [batch, tokens] with at least one token, or the cache holds another number of sequences.
    /// </exception>
    /// <exception cref="ConfigurationException">
    /// The sequence is longer than the positions that the model has learned.
    /// </exception>
    public Tensor Forward(Tensor ids, KvCache? cache = null, IForwardTap? tap = null)
    {
        using Tensor hidden = Hidden(ids, cache, tap);
        return Logits(hidden, tap);
    }

    /// <summary>
    /// Hidden states after the final norm: what <see cref="Logits"/> takes, in chunks where memory is scarce.
    /// </summary>
    /// <param name="ids">As for <see cref="Forward"/>.</param>
    /// <param name="cache">As for <see cref="Forward"/>.</param>
    /// <param name="tap">As for <see cref="Forward"/>.</param>
    /// <param name="tree">
    /// The tree of the tokens where they branch, those in the cache first; null when each follows the one before.
    /// </param>
    /// <returns>float32 [batch, tokens, hidden]; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">
    /// The ids are not int64 [batch, tokens] with at least one token, the cache holds another number of sequences, or
    /// the tree is not of one sequence with the tokens of the cache and these.
    /// </exception>
    /// <exception cref="ConfigurationException">
    /// The sequence is longer than the positions that the model has learned.
    /// </exception>
    public Tensor Hidden(Tensor ids, KvCache? cache = null, IForwardTap? tap = null, TokenTree? tree = null)
    {
        if (Engine is not { } engine)
        {
            return _network.Hidden(ids, cache, tap, tree, Device);
        }

        return cache is null && tap is null && tree is null
            ? engine.Hidden(ids)
            : throw new NotSupportedException("another engine than libtorch runs whole sequences only");
    }

    /// <summary>The rest of a pass without a cache, from the states before one of the layers.</summary>
    /// <param name="layer">0-based layer to go on with.</param>
    /// <param name="states">
    /// float32 [batch, tokens, hidden], as a tap's <see cref="IForwardTap.OnLayer"/> of the layer before was given.
    /// </param>
    /// <returns>What <see cref="Hidden"/> returns; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    public Tensor Resume(int layer, Tensor states) => _network.Resume(layer, states, Device);

    /// <summary>The states that enter the first layer, of a pass without a cache.</summary>
    /// <param name="ids">As for <see cref="Forward"/>.</param>
    /// <param name="tap">Watches the embedding, or null.</param>
    /// <returns>float32 [batch, tokens, hidden]; the caller disposes it.</returns>
    public Tensor Enter(Tensor ids, IForwardTap? tap = null) => _network.Enter(ids, tap, Device);

    /// <summary>One layer of a pass without a cache.</summary>
    /// <param name="layer">0-based layer.</param>
    /// <param name="states">float32 [batch, tokens, hidden] that enter it.</param>
    /// <param name="tap">Watches the layer, or null.</param>
    /// <returns>The states that leave it; the caller disposes them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    public Tensor RunLayer(int layer, Tensor states, IForwardTap? tap = null) =>
        _network.RunLayer(layer, states, tap, Device);

    /// <summary>One layer of a pass without a cache, step by step.</summary>
    /// <param name="layer">0-based layer.</param>
    /// <param name="states">float32 [batch, tokens, hidden] that enter it; may be disposed at once.</param>
    /// <returns>The layer before its first step; the caller disposes it, before this model.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    public LayerSteps BeginLayer(int layer, Tensor states) => _network.BeginLayer(layer, states, Device);

    /// <summary>The final norm of the states that leave the last layer.</summary>
    /// <param name="states">float32 [batch, tokens, hidden].</param>
    /// <returns>What <see cref="Hidden"/> returns; the caller disposes it.</returns>
    public Tensor Leave(Tensor states) => _network.Leave(states);

    /// <summary>Logits of hidden states.</summary>
    /// <param name="hidden">
    /// float32 [batch, tokens, hidden], from <see cref="Hidden"/>, or any part of its tokens.
    /// </param>
    /// <param name="tap">Watches the output projection, or null.</param>
    /// <returns>float32 [batch, tokens, vocabulary]; the caller disposes it.</returns>
    public Tensor Logits(Tensor hidden, IForwardTap? tap = null) =>
        Engine is { } engine ? engine.Logits(hidden) : _network.Logits(hidden, tap);

    /// <summary>Moves all weights to a device.</summary>
    /// <param name="device">Where to.</param>
    public void MoveTo(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        foreach (WeightSlot slot in Slots)
        {
            slot.Matrix.MoveTo(device);
        }

        foreach (VectorSlot vector in _vectors)
        {
            vector.MoveTo(device);
        }

        Device = device;
    }

    /// <summary>Releases all weights.</summary>
    public void Dispose() => DecoderAssembly.Release(Slots, _vectors);

    private static Tensor Copy(Tensor vector)
    {
        using var noGrad = no_grad();
        return vector.to(CPU, copy: true);
    }
}
