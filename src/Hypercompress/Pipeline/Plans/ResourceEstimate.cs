namespace Hypercompress.Pipeline.Plans;

/// <summary>What carrying out a plan is expected to take.</summary>
/// <param name="RamBytes">Peak memory.</param>
/// <param name="DiskBytes">Bytes of the artifact.</param>
/// <param name="Seconds">Wall time of everything after planning.</param>
public sealed record ResourceEstimate(long RamBytes, long DiskBytes, double Seconds);
