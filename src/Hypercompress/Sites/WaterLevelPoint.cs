namespace Hypercompress.Sites;

/// <summary>A point of a <see cref="RateCurve"/>.</summary>
/// <param name="Level">The water level is 2^Level nats a component.</param>
/// <param name="Bits">Bits in all.</param>
/// <param name="Error">Error in all, nats per token.</param>
public readonly record struct WaterLevelPoint(int Level, double Bits, double Error);
