using System.Collections.Immutable;
using System.Globalization;

namespace Hypercompress.Models.Architectures;

/// <summary>
/// What a format calls the tensors of a decoder: one pattern a role, <c>{layer}</c> standing for the layer.
/// </summary>
/// <param name="Patterns">Module names without the ending <c>.weight</c> or <c>.bias</c>.</param>
public sealed record KeyMap(ImmutableDictionary<TensorRole, string> Patterns)
{
    private const string LayerMark = "{layer}";

    /// <summary>Whether every layer has one.</summary>
    /// <param name="role">What it is for.</param>
    /// <returns>False for what a model has once.</returns>
    public bool IsPerLayer(TensorRole role) => Patterns[role].Contains(LayerMark, StringComparison.Ordinal);

    /// <summary>Name of a module.</summary>
    /// <param name="role">What it is for.</param>
    /// <param name="layer">0-based layer, or null outside the layers.</param>
    /// <returns>The name without <c>.weight</c>.</returns>
    public string ModuleName(TensorRole role, int? layer) =>
        Patterns[role].Replace(LayerMark, layer?.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

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
}
