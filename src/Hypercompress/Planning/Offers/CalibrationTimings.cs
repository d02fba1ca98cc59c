namespace Hypercompress.Planning.Offers;

/// <summary>Times and counts of a calibration, from which the time of carrying a plan out is estimated.</summary>
/// <param name="Parameters">Parameters of the teacher.</param>
/// <param name="Seconds">Wall time of everything before planning.</param>
/// <param name="SecondsPerToken">Wall time of the analysis per token of calibration text.</param>
/// <param name="SolveSeconds">Wall time of collecting offers; solving takes about as long.</param>
/// <param name="ScoredTokens">Tokens that evaluation reads.</param>
public sealed record CalibrationTimings(
    long Parameters, double Seconds, double SecondsPerToken, double SolveSeconds, double ScoredTokens);
