namespace Hypercompress.Planning.Outlook;

/// <summary>Estimated costs of carrying a plan out.</summary>
/// <param name="RamBytes">Peak memory.</param>
/// <param name="DiskBytes">Bytes of the artifact.</param>
/// <param name="Seconds">Wall time of everything after planning.</param>
public sealed record ResourceEstimate(long RamBytes, long DiskBytes, double Seconds);
