using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;

namespace Hypercompress.Models.Architectures;

/// <summary>
/// The names and layouts of a decoder's tensors in a format. Which norms a layer has, whether its
/// feed-forward block has a gate, and whether positions are learned follows from the names in the map.
/// </summary>
public sealed class KeyMap
{
    private const string LayerMark = "{layer}";

    private readonly FrozenDictionary<TensorRole, TensorKey> _keys;

    /// <summary>Creates a map.</summary>
    /// <param name="keys">All tensors; no role twice.</param>
    public KeyMap(params ImmutableArray<TensorKey> keys) => _keys = keys
        .SelectMany(key => key.Roles, (key, role) => (key, role))
        .ToFrozenDictionary(pair => pair.role, pair => pair.key);

    /// <summary>A prefix that checkpoints of the bare decoder leave out; empty when there is none.</summary>
    public string OptionalPrefix { get; init; } = "";

    /// <summary>Endings of names of buffers: masks and the like, which are stored but no weights.</summary>
    public ImmutableArray<string> BufferEndings { get; init; } = [];

    /// <summary>Whether decoders of this map have something.</summary>
    /// <param name="role">What it is for.</param>
    /// <returns>False when no tensor holds it.</returns>
    public bool Has(TensorRole role) => _keys.ContainsKey(role);

    /// <summary>Where something is stored.</summary>
    /// <param name="role">What it is for; the map has it.</param>
    /// <returns>The tensor that holds it.</returns>
    public TensorKey Find(TensorRole role) => _keys[role];

    /// <summary>Whether a tensor is a buffer and not a weight.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>True for the buffers that frameworks store beside weights.</returns>
    public bool IsBuffer(string name) => BufferEndings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));

    /// <summary>Name of a module's weight.</summary>
    /// <param name="role">What it is for.</param>
    /// <param name="layer">0-based layer, or null outside the layers.</param>
    /// <returns>The name with <c>.weight</c>.</returns>
    public string WeightName(TensorRole role, int? layer) => ModuleName(role, layer) + ".weight";

    /// <summary>Name of a module's bias.</summary>
    /// <param name="role">What it is for.</param>
    /// <param name="layer">0-based layer, or null outside the layers.</param>
    /// <returns>The name with <c>.bias</c>.</returns>
    public string BiasName(TensorRole role, int? layer) => ModuleName(role, layer) + ".bias";

    /// <summary>The name of a tensor in a checkpoint of the bare decoder.</summary>
    /// <param name="name">Its full name.</param>
    /// <returns>The name without <see cref="OptionalPrefix"/>; null when it does not begin with that.</returns>
    public string? BareName(string name) =>
        OptionalPrefix.Length > 0 && name.StartsWith(OptionalPrefix, StringComparison.Ordinal)
            ? name[OptionalPrefix.Length..]
            : null;

    /// <summary>Finds the role of a tensor by its name.</summary>
    /// <param name="name">The name, full or without <see cref="OptionalPrefix"/>.</param>
    /// <returns>
    /// Whether it is the weight or the bias of a module of this map, and the 0-based layer that the name has in the
    /// place of a layer: null outside the layers.
    /// </returns>
    public (bool IsModule, int? Layer) Recognize(string name)
    {
        foreach (TensorKey key in _keys.Values.Distinct())
        {
            if ((Layer(key.Pattern, name) ?? Layer(key.Pattern, OptionalPrefix + name)) is { } found)
            {
                return (true, found < 0 ? null : found);
            }
        }

        return (false, null);
    }

    /// <summary>
    /// The layer of a name that a pattern fits; -1 for a pattern without layers, null when it does not fit.
    /// </summary>
    private static int? Layer(string pattern, string name)
    {
        string? module = new[] { ".weight", ".bias" }
            .Where(ending => name.EndsWith(ending, StringComparison.Ordinal))
            .Select(ending => name[..^ending.Length])
            .FirstOrDefault();
        int mark = pattern.IndexOf(LayerMark, StringComparison.Ordinal);
        if (module is null || mark < 0)
        {
            return module == pattern ? -1 : null;
        }

        string after = pattern[(mark + LayerMark.Length)..];
        return module.Length > mark + after.Length
            && module.StartsWith(pattern[..mark], StringComparison.Ordinal)
            && module.EndsWith(after, StringComparison.Ordinal)
            && int.TryParse(module[mark..^after.Length], NumberStyles.None, CultureInfo.InvariantCulture, out int layer)
            ? layer
            : null;
    }

    private string ModuleName(TensorRole role, int? layer) => _keys[role].Pattern
        .Replace(LayerMark, layer?.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
