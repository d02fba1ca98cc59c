using System.Collections.Immutable;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Architectures.Reading;

/// <summary>Finds out how each layer attends: its window, its rotation, its scale.</summary>
/// <param name="fields">The whole <c>config.json</c>.</param>
/// <param name="keys">What the family calls things.</param>
/// <param name="ropes">Reads rotations.</param>
/// <param name="headDimension">Width of a head.</param>
internal sealed class LayerAttentionReader(JsonFields fields, ConfigKeys keys, RopeReader ropes, int headDimension)
{
    private const string WindowLayer = "sliding_attention";
    private const string FullLayer = "full_attention";

    /// <summary>One entry a layer.</summary>
    /// <param name="layers">How many there are.</param>
    /// <exception cref="CheckpointException">A list is too short, or a value out of range.</exception>
    public ImmutableArray<LayerAttention> Read(int layers)
    {
        RopeSettings? full = ropes.ReadGlobal();
        RopeSettings? local = ropes.ReadLocal();
        bool[] rotated = ReadRotated(layers);
        int?[] windows = ReadWindows(layers, rotated);
        double scale = ReadScale();
        bool dividesByLayer = fields.Flag(keys.DividesByLayer);
        return
        [
            .. Enumerable.Range(0, layers).Select(layer => new LayerAttention(
                windows[layer],
                rotated[layer] ? (windows[layer] is null ? full : local) : null,
                dividesByLayer ? scale / (layer + 1) : scale)),
        ];
    }

    private double ReadScale()
    {
        double scalar = fields.OptionalPositive(keys.QueryScalar) ?? headDimension;
        return fields.Flag(keys.ScalesAttention) ? 1 / Math.Sqrt(scalar) : 1;
    }

    private bool[] ReadRotated(int layers)
    {
        if (keys.NoRope is not { } rule)
        {
            return [.. Enumerable.Repeat(true, layers)];
        }

        int interval = fields.Size(rule.Interval);
        return fields.OptionalNumbers(rule.Flags) is { } flags
            ? [.. Long(rule.Flags, flags, layers).Select(flag => flag != 0)]
            : [.. Enumerable.Range(1, layers).Select(layer => layer % interval != 0)];
    }

    private int?[] ReadWindows(int layers, bool[] rotated)
    {
        WindowRule rule = keys.Window;
        int? size = fields.Flag(rule.Switch) ? fields.OptionalSize(rule.Size) : null;
        if (size is null)
        {
            return new int?[layers];
        }

        bool[] windowed = rule.HonoursLayerTypes && fields.OptionalTexts("layer_types") is { } types
            ? [.. Long("layer_types", types, layers).Select(IsWindowed)]
            : ByRule(rule, layers, rotated);
        return [.. windowed.Select(has => has ? size : null)];
    }

    private bool[] ByRule(WindowRule rule, int layers, bool[] rotated)
    {
        int count = Count(rule);
        return
        [
            .. Enumerable.Range(0, layers).Select(layer => rule.Kind switch
            {
                WindowKind.All => true,
                WindowKind.FromLayer => layer >= count,
                WindowKind.AllButEveryNth => (layer + 1) % count != 0,
                WindowKind.Unrotated => !rotated[layer],
                _ => false,
            }),
        ];
    }

    private int Count(WindowRule rule)
    {
        int? other = rule.OtherCountName is { } name && !fields.Has(rule.Count.Name!)
            ? fields.OptionalSize(name)
            : null;
        // A pattern of 0 layers would divide by it; the number of the first layer with a window may well be 0.
        return rule.Kind == WindowKind.FromLayer && rule.Count.Name is { } key && fields.OptionalNumber(key) == 0
            ? 0
            : other ?? fields.Size(rule.Count);
    }

    private bool IsWindowed(string type) => type switch
    {
        WindowLayer => true,
        FullLayer => false,
        _ => throw fields.Invalid("layer_types", $"must hold {FullLayer} and {WindowLayer} only", type),
    };

    private ImmutableArray<T> Long<T>(string key, ImmutableArray<T> list, int layers) => list.Length >= layers
        ? list[..layers]
        : throw fields.Invalid(key, $"must have an entry for each of the {layers} layers", $"{list.Length} entries");
}
