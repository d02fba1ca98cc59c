namespace Hypercompress.Models.Architectures;

/// <summary>Which layers look at a window of the latest tokens only, where <c>layer_types</c> does not say.</summary>
/// <param name="Kind">The pattern of such layers.</param>
/// <param name="Size">The key of the window, in tokens.</param>
/// <param name="Switch">
/// A flag without which no layer has a window; a null name means that there is no such flag.
/// </param>
public sealed record WindowRule(WindowKind Kind, ConfigKey<int?> Size, ConfigKey<bool> Switch)
{
    /// <summary>No layer has a window.</summary>
    public static WindowRule None { get; } = new(WindowKind.None, new(null, null), new(null, true));

    /// <summary>The number that <see cref="Kind"/> needs.</summary>
    public ConfigKey<int> Count { get; init; } = new(null, 0);

    /// <summary>Another spelling of the key of <see cref="Count"/>.</summary>
    public string? OtherCountName { get; init; }

    /// <summary>Whether a list <c>layer_types</c> decides where there is one.</summary>
    public bool HonoursLayerTypes { get; init; } = true;
}
