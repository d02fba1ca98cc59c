using System.Collections.Frozen;
using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer.Layout;
using static TorchSharp.torch;

namespace Hypercompress.Models.Packages.Gguf;

/// <summary>
/// The tensors of a GGUF file as a Hugging Face checkpoint has them: under its names, with its order of rows, fused and
/// transposed as there.
/// </summary>
internal sealed class GgufTensors : ITensorSource, IStoredRows
{
    private readonly ITensorSource _file;
    private readonly FrozenDictionary<string, CheckpointTensor> _stored;
    private readonly FrozenDictionary<(string Slot, long Row), LayoutPart> _origins;
    private readonly FrozenDictionary<string, CheckpointTensor> _wanted;

    /// <summary>Maps the names of a file.</summary>
    /// <param name="file">The tensors of a GGUF file under their names there; owned from here on.</param>
    /// <param name="path">Path of the file.</param>
    /// <param name="config">The model's configuration.</param>
    /// <exception cref="CheckpointException">The file has a tensor that the architecture does not know.</exception>
    public GgufTensors(ITensorSource file, string path, DecoderConfig config)
    {
        _file = file;
        _stored = new DecoderLayout(config, config.Family.GgufKeys).Tensors().ToFrozenDictionary(tensor => tensor.Name);
        _origins = _stored.Values.SelectMany(tensor => tensor.Parts)
            .ToFrozenDictionary(placed => (placed.Slot, placed.Row), placed => placed.Part);
        RequireKnown(path, config);
        _wanted = new DecoderLayout(config).Tensors()
            .Where(tensor => tensor.Parts.All(placed => file.Tensors.ContainsKey(Origin(placed).TensorName)))
            .ToFrozenDictionary(tensor => tensor.Name);
        Tensors = _wanted.ToFrozenDictionary(pair => pair.Key, pair => Describe(pair.Value));
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <inheritdoc/>
    public Tensor Read(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!_wanted.TryGetValue(name, out CheckpointTensor? wanted))
        {
            return _file.Read(name);
        }

        if (IsRenamedOnly(wanted))
        {
            return _file.Read(Origin(wanted.Parts[0]).TensorName);
        }

        using var scope = NewDisposeScope();
        var read = new Dictionary<string, Tensor>();
        return wanted.Assemble(placed => Origin(placed).Take(ReadOnce(Origin(placed).TensorName, read)))
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public bool TryReadBytes(string name, Span<byte> target)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _wanted.TryGetValue(name, out CheckpointTensor? wanted)
            ? IsRenamedOnly(wanted) && _file.TryReadBytes(Origin(wanted.Parts[0]).TensorName, target)
            : _file.TryReadBytes(name, target);
    }

    /// <inheritdoc/>
    public StoredRows? Rows(string name)
    {
        if (!_wanted.TryGetValue(name, out CheckpointTensor? wanted) || wanted.Parts.Length != 1
            || !wanted.Parts[0].Part.IsPlain)
        {
            return null;
        }

        LayoutPart origin = Origin(wanted.Parts[0]);
        return origin.IsTransposed || origin.Added != 0
            ? null
            : (_file as IStoredRows)?.Rows(origin.TensorName)?.Take(origin.TakenRows());
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private LayoutPart Origin(SlotPart placed) => _origins[(placed.Slot, placed.Row)];

    private bool IsRenamedOnly(CheckpointTensor wanted) =>
        wanted.Parts.Length == 1 && wanted.Parts[0].Part.IsPlain && Origin(wanted.Parts[0]).IsPlain;

    private TensorInfo Describe(CheckpointTensor wanted)
    {
        TensorInfo stored = _file.Tensors[Origin(wanted.Parts[0]).TensorName];
        return IsRenamedOnly(wanted)
            ? stored with { Name = wanted.Name }
            : stored with { Name = wanted.Name, Shape = wanted.Shape };
    }

    private Tensor ReadOnce(string name, Dictionary<string, Tensor> read)
    {
        if (!read.TryGetValue(name, out Tensor? tensor))
        {
            ImmutableArray<long> shape = _stored[name].Shape;
            TensorInfo found = _file.Tensors[name];
            tensor = found.Shape.SequenceEqual(shape)
                ? _file.Read(name)
                : throw new CheckpointException(
                    found.File,
                    $"tensor \"{name}\" must be [{string.Join(", ", shape)}] by the metadata, "
                    + $"found [{string.Join(", ", found.Shape)}]");
            read.Add(name, tensor);
        }

        return tensor;
    }

    private void RequireKnown(string path, DecoderConfig config)
    {
        string[] others =
        [
            LlamaRopeFactors.TensorName, GgufRope.LongTensor, GgufRope.ShortTensor,
            config.Family.GgufKeys.WeightName(TensorRole.Head, null),
        ];
        if (_file.Tensors.Keys.FirstOrDefault(name => !_stored.ContainsKey(name) && !others.Contains(name))
            is { } unknown)
        {
            throw new CheckpointException(
                path, $"tensor \"{unknown}\" is not one of a {config.ModelType} model of {config.Layers} layers");
        }
    }
}
