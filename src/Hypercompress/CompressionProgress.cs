using Hypercompress.Phases;

namespace Hypercompress;

/// <summary>How far a run is.</summary>
/// <param name="Phase">The phase that is running.</param>
/// <param name="Fraction">Share of the phase's work that is done, 0 to 1; null when all of its work is unknown.</param>
/// <param name="Detail">The piece of work that was just done; empty at the start and at the end of a phase.</param>
public sealed record CompressionProgress(Phase Phase, double? Fraction, string Detail);
