namespace Hypercompress.Pipeline;

/// <summary>What carrying out a plan is expected to take.</summary>
/// <param name="RamBytes">Peak memory.</param>
/// <param name="DiskBytes">Bytes of the artifact.</param>
/// <param name="Seconds">Wall time of everything after planning.</param>
public sealed record PlanEstimate(long RamBytes, long DiskBytes, double Seconds);
