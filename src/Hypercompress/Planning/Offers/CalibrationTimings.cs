namespace Hypercompress.Planning.Offers;

/// <summary>What was measured on the way to an offer book, to estimate what carrying a plan out takes.</summary>
/// <param name="Parameters">Parameters of the teacher.</param>
/// <param name="Seconds">Wall time of everything before planning.</param>
/// <param name="SecondsPerToken">Wall time of the analysis per token of calibration text.</param>
/// <param name="SolveSeconds">Wall time of asking for offers: about what solving takes.</param>
/// <param name="ScoredTokens">Tokens that evaluation reads.</param>
public sealed record CalibrationTimings(
    long Parameters, double Seconds, double SecondsPerToken, double SolveSeconds, double ScoredTokens);
