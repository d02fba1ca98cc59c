namespace Hypercompress.Tests.Phases.Curves;

/// <summary>An event of an event file.</summary>
internal sealed record ReadEvent
{
    public double Time { get; init; }

    public long Step { get; init; }

    public string? Version { get; init; }

    public string? Tag { get; init; }

    public float? Scalar { get; init; }

    public string? Text { get; init; }

    public ReadHistogram? Histogram { get; init; }
}
