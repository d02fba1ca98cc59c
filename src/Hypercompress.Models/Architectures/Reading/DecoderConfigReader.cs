using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures.Families;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Architectures.Reading;

/// <summary>Reads sizes and choices by the keys of a family.</summary>
public sealed class DecoderConfigReader
{
    // Far above any model: sizes that products of two of them fit an int, and a number of layers that can be listed.
    private const int LargestSize = 1 << 20;
    private const int MostLayers = 1 << 12;

    private readonly JsonFields _fields;
    private readonly ArchitectureFamily _family;
    private readonly ConfigKeys _keys;

    private DecoderConfigReader(JsonFields fields, ArchitectureFamily family) =>
        (_fields, _family, _keys) = (fields, family, family.Config);

    /// <summary>Reads a configuration in the spelling of transformers 4 or 5.</summary>
    /// <param name="config">The parsed <c>config.json</c>.</param>
    /// <param name="file">Where it came from; errors name it.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="CheckpointException">
    /// A key is missing, has the wrong kind of value or one out of range, or the model type is not supported.
    /// </exception>
    public static DecoderConfig Parse(JsonObject config, string file)
    {
        ArgumentNullException.ThrowIfNull(config);
        var fields = new JsonFields(config, file);
        return new DecoderConfigReader(fields, ReadFamily(fields, file)).Read();
    }

    private static ArchitectureFamily ReadFamily(JsonFields fields, string file)
    {
        string modelType = fields.OptionalText("model_type")
            ?? throw new CheckpointException(file, $"\"model_type\" is missing; supported: {Supported()}");
        return ArchitectureFamilies.ByModelType(modelType)
            ?? throw fields.Invalid("model_type", $"must be one of: {Supported()}", modelType);
    }

    private static string Supported() => string.Join(", ", ArchitectureFamilies.All.Select(family => family.ModelType));

    private DecoderConfig Read()
    {
        RequireSupported();
        int heads = Bounded(_keys.Heads, LargestSize);
        int headDimension = ReadHeadDimension(heads);
        int layers = Bounded(_keys.Layers, MostLayers);
        int maxPositions = _fields.Size(_keys.MaxPositions);
        var ropes = new RopeReader(_fields, _keys, maxPositions, headDimension);
        ImmutableArray<int> bos = _fields.TokenIds("bos_token_id");
        return new DecoderConfig
        {
            Family = _family,
            HiddenSize = Bounded(_keys.HiddenSize, LargestSize),
            Layers = layers,
            Heads = heads,
            KeyValueHeads = ReadKeyValueHeads(heads),
            HeadDimension = headDimension,
            IntermediateSize = ReadIntermediateSize(),
            VocabularySize = _fields.Size("vocab_size"),
            NormEpsilon = ReadEpsilon(),
            Rope = ropes.ReadGlobal(),
            Attention = new LayerAttentionReader(_fields, _keys, ropes, headDimension).Read(layers),
            MaxPositions = maxPositions,
            TieEmbeddings = _fields.Flag(_keys.TieEmbeddings),
            AttentionBias = _fields.Flag(_keys.AttentionBias),
            AttentionOutputBias = _fields.Flag(_keys.AttentionOutputBias),
            MlpBias = _fields.Flag(_keys.MlpBias),
            Activation = ReadActivation(),
            ParallelResidual = _fields.Flag(_keys.ParallelResidual),
            AttentionSoftCap = _fields.OptionalPositive(_keys.AttentionSoftCap),
            LogitSoftCap = _fields.OptionalPositive(_keys.LogitSoftCap),
            BosTokenId = bos.IsEmpty ? null : bos[0],
            EosTokenIds = _fields.TokenIds("eos_token_id"),
        };
    }

    private void RequireSupported()
    {
        foreach (string flag in _keys.Refused.Where(flag => _fields.Flag(flag, false)))
        {
            throw _fields.Invalid(flag, "must be false: such models are not supported", true);
        }
    }

    private int Bounded(string key, int most) => Bounded(key, _fields.Size(key), most);

    private int Bounded(string key, int value, int most) =>
        value <= most ? value : throw _fields.Invalid(key, $"must be at most {most}", value);

    private int ReadKeyValueHeads(int heads)
    {
        if (_keys.KeyValueHeads is not { } key)
        {
            return heads;
        }

        int keyValueHeads = _fields.OptionalSize(key) ?? heads;
        return heads % keyValueHeads == 0
            ? keyValueHeads
            : throw _fields.Invalid(key, $"must divide {_keys.Heads} ({heads})", keyValueHeads);
    }

    private int ReadHeadDimension(int heads)
    {
        int hidden = Bounded(_keys.HiddenSize, LargestSize);
        int? stated = _fields.OptionalSize(_keys.HeadDimension);
        if (stated is null && hidden % heads != 0)
        {
            throw _fields.Invalid(_keys.HiddenSize, $"must be a multiple of {_keys.Heads} ({heads})", hidden);
        }

        int dimension = stated ?? hidden / heads;
        return (long)heads * dimension <= LargestSize
            ? dimension
            : throw _fields.Invalid(
                "head_dim", $"times {_keys.Heads} ({heads}) must be at most {LargestSize}", dimension);
    }

    private int ReadIntermediateSize()
    {
        int? stated = _keys.IntermediateMultiple is null
            ? _fields.Size(_keys.IntermediateSize)
            : _fields.OptionalSize(_keys.IntermediateSize);
        long size = stated ?? (long)_keys.IntermediateMultiple!.Value * _fields.Size(_keys.HiddenSize);
        return Bounded(_keys.IntermediateSize, (int)long.Min(size, int.MaxValue), 4 * LargestSize);
    }

    private double ReadEpsilon()
    {
        double epsilon = _fields.Number(_keys.NormEpsilon);
        return epsilon > 0 ? epsilon : throw _fields.Invalid(_keys.NormEpsilon.Name!, "must be above 0", epsilon);
    }

    private Activation ReadActivation()
    {
        string name = _fields.Text(_keys.Activation);
        return name switch
        {
            "silu" or "swish" => Activation.Silu,
            "gelu" or "gelu_python" => Activation.Gelu,
            "gelu_pytorch_tanh" or "gelu_new" or "gelu_fast" or "gelu_python_tanh" => Activation.GeluTanh,
            "quick_gelu" => Activation.QuickGelu,
            "relu" => Activation.Relu,
            "relu2" => Activation.SquaredRelu,
            "tanh" => Activation.Tanh,
            _ => throw _fields.Invalid(
                _keys.Activation.Name!,
                    "must be one of silu, gelu, gelu_pytorch_tanh, quick_gelu, relu, relu2, tanh",
                    name),
        };
    }
}
