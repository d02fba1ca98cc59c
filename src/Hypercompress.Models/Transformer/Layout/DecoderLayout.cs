using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Transformer.Weights;

namespace Hypercompress.Models.Transformer.Layout;

/// <summary>
/// Every matrix and vector of a decoder with its shape, in the order in which the decoder lists them, and the tensors
/// of a checkpoint that they are made of.
/// </summary>
public sealed class DecoderLayout
{
    private readonly DecoderConfig _config;
    private readonly KeyMap _keys;
    private readonly RoleShapes _shapes;
    private readonly ImmutableArray<SlotLayout>.Builder _slots = ImmutableArray.CreateBuilder<SlotLayout>();
    private readonly ImmutableArray<VectorLayout>.Builder _vectors = ImmutableArray.CreateBuilder<VectorLayout>();

    /// <summary>Lays out a decoder.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="keys">The names of the checkpoint; null for those of Hugging Face.</param>
    public DecoderLayout(DecoderConfig config, KeyMap? keys = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        (_config, _keys, _shapes) = (config, keys ?? config.Family.HuggingFaceKeys, new RoleShapes(config));
        AddSlot(EmbeddingName, WeightSlotKind.Embedding, null, [TensorRole.Embedding]);
        AddPositions();
        for (int layer = 0; layer < config.Layers; layer++)
        {
            AddAttention(layer);
            AddMlp(layer);
        }

        AddNorm(TensorRole.FinalNorm, null);
        if (!config.TieEmbeddings)
        {
            AddSlot(HeadName, WeightSlotKind.Head, null, [TensorRole.Head]);
        }

        (Slots, Vectors) = (_slots.ToImmutable(), _vectors.ToImmutable());
    }

    /// <summary>Name of the embedding's slot.</summary>
    public const string EmbeddingName = "model.embed_tokens";

    /// <summary>Name of the slot of an output projection of its own.</summary>
    public const string HeadName = "lm_head";

    /// <summary>
    /// The matrices: embedding; per layer query, key/value, attention output, gate where there is one, up, down; the
    /// head when untied.
    /// </summary>
    public ImmutableArray<SlotLayout> Slots { get; }

    /// <summary>The norms, the biases and the learned positions.</summary>
    public ImmutableArray<VectorLayout> Vectors { get; }

    /// <summary>The tensors of the checkpoint, each once.</summary>
    /// <returns>One entry a name, in the order of the slots that they begin with.</returns>
    public IEnumerable<CheckpointTensor> Tensors()
    {
        var placed = Slots.SelectMany(slot => Placed(slot.Name, slot.Parts).Select(part => (part, slot.Columns)))
            .Concat(Vectors.SelectMany(vector =>
                Placed(vector.Name, vector.Parts).Select(part => (part, vector.Columns))));
        return placed.GroupBy(entry => entry.part.Part.TensorName).Select(group =>
        {
            (SlotPart first, long columns) = group.First();
            long rows = first.Part.TensorRows;
            ImmutableArray<long> shape = columns == 0
                ? [rows]
                : first.Part.IsTransposed ? [columns, rows] : [rows, columns];
            return new CheckpointTensor(group.Key, shape, [.. group.Select(entry => entry.part)]);
        });
    }

    private static IEnumerable<SlotPart> Placed(string slot, ImmutableArray<LayoutPart> parts)
    {
        long row = 0;
        foreach (LayoutPart part in parts)
        {
            yield return new SlotPart(slot, row, part);
            row += part.Rows;
        }
    }

    private void AddPositions()
    {
        if (!_keys.Has(TensorRole.Positions))
        {
            return;
        }

        long columns = _shapes.Columns(TensorRole.Positions);
        ImmutableArray<LayoutPart> parts = [Part(TensorRole.Positions, null, isBias: false)];
        _vectors.Add(new(DecoderNames.Of(TensorRole.Positions, null) + ".weight", parts[0].Rows * columns, parts)
        {
            Columns = columns,
        });
    }

    private void AddAttention(int layer)
    {
        AddNorm(TensorRole.AttentionNorm, layer);
        AddLinear(layer, _config.AttentionBias, [TensorRole.Query]);
        AddLinear(layer, _config.AttentionBias, [TensorRole.Key, TensorRole.Value], WeightSlotKind.KeyValue);
        AddNorm(TensorRole.QueryNorm, layer);
        AddNorm(TensorRole.KeyNorm, layer);
        AddLinear(layer, _config.AttentionOutputBias, [TensorRole.AttentionOutput]);
        AddNorm(TensorRole.AttentionPostNorm, layer);
    }

    private void AddMlp(int layer)
    {
        AddNorm(TensorRole.MlpNorm, layer);
        foreach (TensorRole role in new[] { TensorRole.Gate, TensorRole.Up, TensorRole.Down }.Where(_keys.Has))
        {
            AddLinear(layer, _config.MlpBias, [role]);
        }

        AddNorm(TensorRole.MlpPostNorm, layer);
    }

    private void AddLinear(
        int layer, bool hasBias, ImmutableArray<TensorRole> roles, WeightSlotKind kind = WeightSlotKind.Linear)
    {
        string name = DecoderNames.Of(roles[0], layer);
        AddSlot(name, kind, layer, roles);
        if (hasBias)
        {
            AddVector(name + ".bias", layer, isBias: true, roles);
        }
    }

    private void AddNorm(TensorRole role, int? layer)
    {
        if (!_keys.Has(role))
        {
            return;
        }

        string name = DecoderNames.Of(role, layer);
        AddVector(name + ".weight", layer, isBias: false, [role]);
        if (_config.Family.Norm == NormKind.Layer)
        {
            AddVector(name + ".bias", layer, isBias: true, [role]);
        }
    }

    private void AddSlot(string name, WeightSlotKind kind, int? layer, ImmutableArray<TensorRole> roles)
    {
        ImmutableArray<LayoutPart> parts = [.. roles.Select(role => Part(role, layer, isBias: false))];
        _slots.Add(new(name, kind, layer, parts.Sum(part => part.Rows), _shapes.Columns(roles[0]), parts));
    }

    private void AddVector(string name, int? layer, bool isBias, ImmutableArray<TensorRole> roles)
    {
        ImmutableArray<LayoutPart> parts = [.. roles.Select(role => Part(role, layer, isBias))];
        _vectors.Add(new(name, parts.Sum(part => part.Rows), parts));
    }

    private LayoutPart Part(TensorRole role, int? layer, bool isBias)
    {
        TensorKey key = _keys.Find(role);
        long blocks = key.Order == RowOrder.HeadByHead ? _shapes.Heads(role) : 1;
        long before = key.Roles.TakeWhile(other => other != role).Sum(_shapes.Rows);
        return new LayoutPart(isBias ? _keys.BiasName(role, layer) : _keys.WeightName(role, layer), _shapes.Rows(role))
        {
            TensorRows = key.Roles.Sum(_shapes.Rows),
            Blocks = blocks,
            Start = before / blocks,
            PairedHeads = key.Order == RowOrder.RotaryPairs ? _shapes.Heads(role) : 0,
            IsTransposed = key.IsTransposed && !isBias,
            Added = isBias ? 0 : key.Added,
        };
    }
}
