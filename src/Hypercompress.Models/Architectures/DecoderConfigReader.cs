using System.Collections.Immutable;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Architectures;

/// <summary>Reads sizes and choices by the keys of a family.</summary>
/// <param name="fields">The whole <c>config.json</c>.</param>
/// <param name="family">The family.</param>
internal sealed class DecoderConfigReader(JsonFields fields, ArchitectureFamily family)
{
    // Far above any model: sizes that products of two of them fit an int, and a number of layers that can be listed.
    private const int LargestSize = 1 << 20;
    private const int MostLayers = 1 << 12;

    private readonly ConfigKeys _keys = family.Config;

    /// <summary>The configuration.</summary>
    /// <exception cref="CheckpointException">
    /// A key is missing, has the wrong kind of value or one out of range.
    /// </exception>
    public DecoderConfig Read()
    {
        RequireSupported();
        int heads = Bounded(_keys.Heads, LargestSize);
        int headDimension = ReadHeadDimension(heads);
        int layers = Bounded(_keys.Layers, MostLayers);
        int maxPositions = fields.Size(_keys.MaxPositions);
        var ropes = new RopeReader(fields, _keys, maxPositions, headDimension);
        ImmutableArray<int> bos = fields.TokenIds("bos_token_id");
        return new DecoderConfig
        {
            Family = family,
            HiddenSize = Bounded(_keys.HiddenSize, LargestSize),
            Layers = layers,
            Heads = heads,
            KeyValueHeads = ReadKeyValueHeads(heads),
            HeadDimension = headDimension,
            IntermediateSize = ReadIntermediateSize(),
            VocabularySize = fields.Size("vocab_size"),
            NormEpsilon = ReadEpsilon(),
            Rope = ropes.ReadGlobal(),
            Attention = new LayerAttentionReader(fields, _keys, ropes, headDimension).Read(layers),
            MaxPositions = maxPositions,
            TieEmbeddings = fields.Flag(_keys.TieEmbeddings),
            AttentionBias = fields.Flag(_keys.AttentionBias),
            AttentionOutputBias = fields.Flag(_keys.AttentionOutputBias),
            MlpBias = fields.Flag(_keys.MlpBias),
            Activation = ReadActivation(),
            ParallelResidual = fields.Flag(_keys.ParallelResidual),
            AttentionSoftCap = fields.OptionalPositive(_keys.AttentionSoftCap),
            LogitSoftCap = fields.OptionalPositive(_keys.LogitSoftCap),
            BosTokenId = bos.IsEmpty ? null : bos[0],
            EosTokenIds = fields.TokenIds("eos_token_id"),
        };
    }

    private void RequireSupported()
    {
        foreach (string flag in _keys.Refused.Where(flag => fields.Flag(flag, false)))
        {
            throw fields.Invalid(flag, "must be false: such models are not supported", true);
        }
    }

    private int Bounded(string key, int most) => Bounded(key, fields.Size(key), most);

    private int Bounded(string key, int value, int most) =>
        value <= most ? value : throw fields.Invalid(key, $"must be at most {most}", value);

    private int ReadKeyValueHeads(int heads)
    {
        if (_keys.KeyValueHeads is not { } key)
        {
            return heads;
        }

        int keyValueHeads = fields.OptionalSize(key) ?? heads;
        return heads % keyValueHeads == 0
            ? keyValueHeads
            : throw fields.Invalid(key, $"must divide {_keys.Heads} ({heads})", keyValueHeads);
    }

    private int ReadHeadDimension(int heads)
    {
        int hidden = Bounded(_keys.HiddenSize, LargestSize);
        int? stated = fields.OptionalSize(_keys.HeadDimension);
        if (stated is null && hidden % heads != 0)
        {
            throw fields.Invalid(_keys.HiddenSize, $"must be a multiple of {_keys.Heads} ({heads})", hidden);
        }

        int dimension = stated ?? hidden / heads;
        return (long)heads * dimension <= LargestSize
            ? dimension
            : throw fields.Invalid("head_dim", $"times {_keys.Heads} ({heads}) must be at most {LargestSize}", dimension);
    }

    private int ReadIntermediateSize()
    {
        int? stated = _keys.IntermediateMultiple is null
            ? fields.Size(_keys.IntermediateSize)
            : fields.OptionalSize(_keys.IntermediateSize);
        long size = stated ?? (long)_keys.IntermediateMultiple!.Value * fields.Size(_keys.HiddenSize);
        return Bounded(_keys.IntermediateSize, (int)long.Min(size, int.MaxValue), 4 * LargestSize);
    }

    private double ReadEpsilon()
    {
        double epsilon = fields.Number(_keys.NormEpsilon);
        return epsilon > 0 ? epsilon : throw fields.Invalid(_keys.NormEpsilon.Name!, "must be above 0", epsilon);
    }

    private Activation ReadActivation()
    {
        string name = fields.Text(_keys.Activation);
        return name switch
        {
            "silu" or "swish" => Activation.Silu,
            "gelu" or "gelu_python" => Activation.Gelu,
            "gelu_pytorch_tanh" or "gelu_new" or "gelu_fast" or "gelu_python_tanh" => Activation.GeluTanh,
            "quick_gelu" => Activation.QuickGelu,
            "relu" => Activation.Relu,
            "relu2" => Activation.SquaredRelu,
            "tanh" => Activation.Tanh,
            _ => throw fields.Invalid(
                _keys.Activation.Name!, "must be one of silu, gelu, gelu_pytorch_tanh, quick_gelu, relu, relu2, tanh", name),
        };
    }
}
