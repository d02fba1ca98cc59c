namespace Hypercompress.Models.Architectures;

/// <summary>A key of a family's configuration with its default.</summary>
/// <typeparam name="T">Kind of value.</typeparam>
/// <param name="Name">The key; null when the family has no choice and the default always holds.</param>
/// <param name="Default">The value where the key is absent.</param>
public sealed record ConfigKey<T>(string? Name, T Default);
