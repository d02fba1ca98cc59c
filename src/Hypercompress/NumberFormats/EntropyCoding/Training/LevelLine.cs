namespace Hypercompress.NumberFormats.EntropyCoding.Training;

/// <summary>One row of a <see cref="LevelState"/>.</summary>
/// <param name="latents">Latents.</param>
/// <param name="first">First moments.</param>
/// <param name="second">Second moments.</param>
/// <param name="gradient">Gradient of the values.</param>
/// <param name="value">Values.</param>
internal readonly ref struct LevelLine(
    Span<float> latents, Span<float> first, Span<float> second, ReadOnlySpan<float> gradient, ReadOnlySpan<float> value)
{
    internal Span<float> Latents { get; } = latents;

    internal Span<float> First { get; } = first;

    internal Span<float> Second { get; } = second;

    internal ReadOnlySpan<float> Gradient { get; } = gradient;

    internal ReadOnlySpan<float> Value { get; } = value;
}
