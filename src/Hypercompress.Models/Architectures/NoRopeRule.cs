namespace Hypercompress.Models.Architectures;

/// <summary>Which layers are not rotated (Yang et al. 2025, RNoPE).</summary>
/// <param name="Flags">The key of a list with 1 for each rotated and 0 for each other layer.</param>
/// <param name="Interval">Where there is no list: every n-th layer, counted from 1, is not rotated.</param>
public sealed record NoRopeRule(string Flags, ConfigKey<int> Interval);
