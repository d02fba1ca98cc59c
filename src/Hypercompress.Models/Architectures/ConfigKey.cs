namespace Hypercompress.Models.Architectures;

/// <summary>What a family's configuration calls something, and what holds where it says nothing.</summary>
/// <typeparam name="T">Kind of value.</typeparam>
/// <param name="Name">The key; null when the family has no choice and the default always holds.</param>
/// <param name="Default">The value where the key is absent.</param>
public sealed record ConfigKey<T>(string? Name, T Default);
